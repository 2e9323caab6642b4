using System.IO.Pipelines;
using System.Text;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;
using MailCluster.Pop3;
using MailCluster.Storage;
using MailCluster.Storage.Mailboxes;
using MailCluster.Storage.Spool;

namespace MailCluster.Actors.Connections.Pop3;

/// <summary>Sends one stored message to a client, chunk by chunk: no more of it is in memory than one chunk.</summary>
internal sealed class MaildropReader(IMailboxStore mailboxes, ISpool spool, AccountId account)
{
    /// <summary>Owns <paramref name="output"/> until the task is done.</summary>
    public async Task<EffectAnswer> SendAsync(
        SessionEffect.SendMessage send, PipeWriter output, Action noteProgress, CancellationToken cancellation)
    {
        var begun = false;
        try
        {
            var message = await mailboxes.FindMessageAsync(account, new Uid(send.Message.Uid), cancellation);
            await using var body = message is null ? null : await spool.OpenAsync(message.Body, cancellation);
            if (body is null)
            {
                return new EffectAnswer.MessageSent(SendOutcome.FailedBeforeFirstOctet);
            }

            begun = true;
            send.Encoder.Encode(Encoding.UTF8.GetBytes(message!.Prefix), output);
            await SendBodyAsync(send.Encoder, body, output, noteProgress, cancellation);
            return new EffectAnswer.MessageSent(SendOutcome.Sent);
        }
        catch (StorageException)
        {
            return new EffectAnswer.MessageSent(
                begun ? SendOutcome.FailedInTheMiddle : SendOutcome.FailedBeforeFirstOctet);
        }
    }

    private static async Task SendBodyAsync(
        MultilineEncoder encoder, ISpoolReader body, PipeWriter output, Action noteProgress,
        CancellationToken cancellation)
    {
        while (!encoder.IsSatisfied)
        {
            var chunk = await body.ReadAsync(cancellation);
            if (chunk.IsEmpty)
            {
                break;
            }

            encoder.Encode(chunk.Span, output);
            await output.FlushAsync(cancellation);
            noteProgress();
        }

        encoder.Finish(output);
    }
}
