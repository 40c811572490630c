using System.Net;
using Microsoft.Extensions.Options;

namespace Fleet.Silo.Membership;

/// <summary>What attributes cannot say about the cluster's options.</summary>
internal sealed class OrleansOptionsValidator : IValidateOptions<OrleansOptions>
{
    public ValidateOptionsResult Validate(string? name, OrleansOptions options)
    {
        var faults = new List<string>();
        if (options.SiloPort == options.GatewayPort)
        {
            faults.Add($"Fleet:Orleans:SiloPort and Fleet:Orleans:GatewayPort are both {options.SiloPort}: set two ports, or GatewayPort=0 for none.");
        }

        if (!options.PrivateNetwork && !(IPAddress.TryParse(options.AdvertisedAddress, out var address) && IPAddress.IsLoopback(address)))
        {
            faults.Add(
                $"Fleet:Orleans:AdvertisedAddress is {options.AdvertisedAddress}, which others can reach, and the ports of the cluster know no credential: set "
                + "Fleet:Orleans:PrivateNetwork=true when only silos and their clients are on that network.");
        }

        if (options.RetryMs < options.ProbeTimeoutMs * options.MissedProbes)
        {
            faults.Add(
                $"Fleet:Orleans:RetryMs is {options.RetryMs}, less than it takes to find a silo dead (ProbeTimeoutMs x MissedProbes = "
                + $"{options.ProbeTimeoutMs * options.MissedProbes} ms): devices would be told to try again. Raise it.");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
