using System.Text;
using Fleet.Storage;

namespace Fleet.Dashboard.Live;

/// <summary>One server-sent event as the bytes that every viewer gets.</summary>
/// <param name="Bytes">The whole event.</param>
/// <param name="Position">Null for what is not a change: a heartbeat or the state of the database.</param>
internal sealed record LiveFrame(ReadOnlyMemory<byte> Bytes, FeedPosition? Position = null)
{
    /// <summary>Keeps proxies from closing an idle stream, tells the sender that a viewer is gone, and the viewer that the sender is there.</summary>
    public static LiveFrame Heartbeat { get; } = Named("beat", "");

    /// <summary>Too much was missed: the page is to be loaded again.</summary>
    public static LiveFrame Reset { get; } = Named("reset", "missed too much");

    public static LiveFrame Change(FeedPosition position, string html)
    {
        // A line break within the data would end the field; each line gets its own.
        var text = new StringBuilder(html.Length + 128).Append("id: ").Append(position.ToToken()).Append('\n');
        foreach (var line in html.AsSpan().EnumerateLines())
        {
            text.Append("data: ").Append(line).Append('\n');
        }

        return new LiveFrame(Encoding.UTF8.GetBytes(text.Append('\n').ToString()), position);
    }

    public static LiveFrame Named(string name, string data) => new(Encoding.UTF8.GetBytes($"event: {name}\ndata: {data}\n\n"));
}
