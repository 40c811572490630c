using System.Reflection;
using Microsoft.Extensions.Options;

namespace Fleet.Silo.Membership;

/// <summary>This silo, as those see it who look after the cluster.</summary>
internal sealed class LocalSilo(SiloStatus status, ISessions sessions, LoadMeter load, IOptions<SiloOptions> options)
{
    private static readonly string _version =
        typeof(LocalSilo).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";

    public SiloReport Report(string address, int actors) => new(status.Name, address, _version, sessions.Count, actors, status.IsDrained, load.Read());

    public SiloLoad Load => load.Read();

    public void Drain(bool isDrained)
    {
        status.SetDrained(isDrained);
        if (isDrained)
        {
            sessions.Drain(options.Value.Drain, TimeSpan.FromMilliseconds(options.Value.ReconnectJitterMs));
        }
    }
}
