using System.Diagnostics.CodeAnalysis;
using MailCluster.Actors.Mailboxes;
using MailCluster.Imap.Syntax;
using MailCluster.Mail.Addresses;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;
using MailCluster.Node.Configuration;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace MailCluster.Node.Http;

/// <summary>
/// The mail of an account, for operators who move it in and out: folders, messages page by page, their octets in both
/// directions, as a stream.
/// </summary>
internal static class MailboxEndpoints
{
    /// <summary>Keys in one question.</summary>
    public const int MaxKeys = 1000;

    public static void Map(RouteGroupBuilder api)
    {
        var mailbox = api.MapGroup("/mailbox");
        mailbox.MapGet("/folders", ListFoldersAsync);
        mailbox.MapPost("/folders", CreateFolderAsync);
        mailbox.MapPost("/subscriptions", SubscribeAsync);
        mailbox.MapGet("/messages", ListMessagesAsync);
        mailbox.MapGet("/messages/{uid}", ReadMessageAsync);
        mailbox.MapPost("/messages", ImportAsync);
        mailbox.MapPost("/imported", FindImportedAsync);
    }

    private static async Task<Results<Ok<MailboxJson>, ProblemHttpResult>> ListFoldersAsync(
        string account, [FromServices] MailboxAdministration mailboxes, [FromServices] MailClusterOptions options,
        CancellationToken cancellation)
    {
        if (await FindAsync(account, mailboxes, cancellation) is not { } id)
        {
            return NoSuchAccount(account);
        }

        var list = await mailboxes.ListFoldersAsync(id, cancellation);
        return TypedResults.Ok(new MailboxJson(
            options.Imap.MaxMessageSize,
            [.. list.Folders.Select(FolderJson.Of)],
            [.. list.Subscribed.Select(name => name.Text)]));
    }

    private static async Task<Results<Ok<FolderAnswerJson>, ProblemHttpResult>> CreateFolderAsync(
        string account, string name, string? specialUse, [FromServices] MailboxAdministration mailboxes,
        CancellationToken cancellation) =>
        await FindAsync(account, mailboxes, cancellation) is not { } id ? NoSuchAccount(account)
            : !FolderName.TryParse(name, out var folder) ? NoName(name)
            : TypedResults.Ok(new FolderAnswerJson(
                await mailboxes.CreateFolderAsync(id, folder, specialUse, cancellation)));

    private static async Task<Results<Ok<FolderAnswerJson>, ProblemHttpResult>> SubscribeAsync(
        string account, string name, [FromServices] MailboxAdministration mailboxes, CancellationToken cancellation) =>
        await FindAsync(account, mailboxes, cancellation) is not { } id ? NoSuchAccount(account)
            : !FolderName.TryParse(name, out var folder) ? NoName(name)
            : TypedResults.Ok(new FolderAnswerJson(await mailboxes.SubscribeAsync(id, folder, cancellation)));

    private static async Task<Results<Ok<MessagePageJson>, ProblemHttpResult>> ListMessagesAsync(
        string account, string folder, uint? after, [FromServices] MailboxAdministration mailboxes,
        CancellationToken cancellation)
    {
        if (await FindFolderAsync(account, folder, mailboxes, cancellation) is not { } found)
        {
            return NoSuchFolder(account, folder);
        }

        var messages = await mailboxes.ListAsync(found.Id, new Uid(after ?? 0), cancellation);
        return TypedResults.Ok(new MessagePageJson([.. messages.Select(MessageJson.Of)]));
    }

    private static async Task<Results<EmptyHttpResult, ProblemHttpResult>> ReadMessageAsync(
        string account, string folder, uint uid, HttpContext context, [FromServices] MailboxAdministration mailboxes,
        CancellationToken cancellation)
    {
        if (await FindFolderAsync(account, folder, mailboxes, cancellation) is not { } found)
        {
            return NoSuchFolder(account, folder);
        }

        if (await mailboxes.FindAsync(found.Id, new Uid(uid), cancellation) is not { } message)
        {
            return Problem($"there is no message {uid} in {folder}", StatusCodes.Status404NotFound);
        }

        context.Response.ContentType = "message/rfc822";
        context.Response.ContentLength = message.Size;
        if (!await mailboxes.SendAsync(message, context.Response.BodyWriter, cancellation))
        {
            context.Abort(); // a length that is announced cannot be taken back
        }

        return TypedResults.Empty;
    }

    private static async Task<Results<Ok<ImportAnswerJson>, ProblemHttpResult>> ImportAsync(
        string account, string folder, string key, string? flags, DateTimeOffset? date, HttpContext context,
        [FromServices] MailboxAdministration mailboxes, [FromServices] MailClusterOptions options,
        CancellationToken cancellation)
    {
        if (await FindAsync(account, mailboxes, cancellation) is not { } id)
        {
            return NoSuchAccount(account);
        }

        if (!TryRead(folder, key, flags, date, out var message, out var trouble))
        {
            return Problem(trouble, StatusCodes.Status400BadRequest);
        }

        var maxSize = options.Imap.MaxMessageSize;
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null; // counted with the line ends that are stored
        }

        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null; // it may come from a server that is far, slice by slice
        }

        try
        {
            return TypedResults.Ok(new ImportAnswerJson(context.Request.ContentLength > maxSize
                ? ImportAnswer.TooLarge
                : await mailboxes.ImportAsync(id, message, context.Request.BodyReader, maxSize, cancellation)));
        }
        catch (BadHttpRequestException broken)
        {
            return Problem("the message did not come to its end", broken.StatusCode); // an import that was interrupted
        }
    }

    private static async Task<Results<Ok<ImportedJson>, ProblemHttpResult>> FindImportedAsync(
        string account, [FromBody] ImportedJson asked, [FromServices] MailboxAdministration mailboxes,
        CancellationToken cancellation)
    {
        if (await FindAsync(account, mailboxes, cancellation) is not { } id)
        {
            return NoSuchAccount(account);
        }

        var keys = new List<ImportKey>();
        foreach (var text in asked.Keys)
        {
            if (!ImportKey.TryParse(text, out var key) || keys.Count >= MaxKeys)
            {
                return Problem($"keys must be at most {MaxKeys} of 32 hexadecimal digits", StatusCodes.Status400BadRequest);
            }

            keys.Add(key);
        }

        var found = await mailboxes.FindImportedAsync(id, keys, cancellation);
        return TypedResults.Ok(new ImportedJson([.. found.Select(key => key.ToString())]));
    }

    private static bool TryRead(
        string folder, string keyText, string? flagText, DateTimeOffset? date,
        [NotNullWhen(true)] out ImportedMessage? message, out string trouble)
    {
        message = null;
        trouble = "";
        if (!FolderName.TryParse(folder, out var name))
        {
            trouble = $"no folder can be named '{folder}'";
        }
        else if (!ImportKey.TryParse(keyText, out var key))
        {
            trouble = "key must be 32 hexadecimal digits";
        }
        else if (!FlagText.TryParse(flagText ?? "()", out var flags, out var keywords))
        {
            trouble = @"flags must be a list such as (\Seen work)";
        }
        else
        {
            message = new ImportedMessage(name, key, flags, keywords, date);
        }

        return message is not null;
    }

    private static async Task<AccountId?> FindAsync(
        string account, MailboxAdministration mailboxes, CancellationToken cancellation) =>
        MailAddress.TryParse(account, allowUtf8: true, out var address)
            ? await mailboxes.FindAccountAsync(address, cancellation)
            : null;

    private static async Task<Folder?> FindFolderAsync(
        string account, string folder, MailboxAdministration mailboxes, CancellationToken cancellation) =>
        await FindAsync(account, mailboxes, cancellation) is { } id && FolderName.TryParse(folder, out var name)
            ? await mailboxes.FindFolderAsync(id, name, cancellation)
            : null;

    private static ProblemHttpResult NoSuchAccount(string account) =>
        Problem($"there is no account {account}", StatusCodes.Status404NotFound);

    private static ProblemHttpResult NoSuchFolder(string account, string folder) =>
        Problem($"there is no folder {folder} of {account}", StatusCodes.Status404NotFound);

    private static ProblemHttpResult NoName(string name) =>
        Problem($"no folder can be named '{name}'", StatusCodes.Status400BadRequest);

    private static ProblemHttpResult Problem(string trouble, int status) => TypedResults.Problem(trouble, statusCode: status);
}
