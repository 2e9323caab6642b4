using Google.Protobuf;

namespace MailCluster.Actors.Serialization;

/// <summary>One type that travels: its name on the wire, and the way there and back.</summary>
internal sealed record WireMessage(Type Type, string Manifest, Func<object, IMessage> Write, Func<byte[], object> Read)
{
    public static WireMessage Of<T, TData>(string manifest, Func<T, TData> write, Func<TData, T> read)
        where T : notnull
        where TData : IMessage<TData>, new()
    {
        var parser = new MessageParser<TData>(static () => new TData());
        return new WireMessage(typeof(T), manifest, message => write((T)message), bytes => read(parser.ParseFrom(bytes)));
    }
}
