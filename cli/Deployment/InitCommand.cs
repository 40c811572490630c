using System.CommandLine;
using System.Globalization;
using System.Net;

namespace Fleet.Cli.Deployment;

/// <summary>`fleet-cli init`: the secrets and certificates of a fleet that runs in containers.</summary>
internal static class InitCommand
{
    // What the parts are called in the compose file and in Kubernetes, and what health checks and people on the machine itself use.
    private static readonly string[] _insideNames = ["silo", "dashboard", "localhost", "127.0.0.1"];

    public static Command Create(TimeProvider time)
    {
        var to = new Option<string>("--to") { Description = "Folder for what is made, one folder a part in it", HelpName = "FOLDER", Required = true };
        var host = new Option<string?>("--host")
        {
            Description = "Name or address by which devices reach this fleet from other machines; the certificate gets it, and the line with which a device connects is said",
            HelpName = "NAME",
            // "--host=" from a variable that is empty means: none.
            Arity = ArgumentArity.ZeroOrOne,
        };
        var name = new Option<string[]>("--name") { Description = "One more name or address in the certificate; may be given often", HelpName = "NAME" };
        var ports = new Option<string>("--ports")
        {
            Description = "Ports of the silos at --host: one, or FIRST-LAST, one a silo",
            HelpName = "PORTS",
            DefaultValueFactory = _ => "5100",
        };
        var reset = new Option<bool>("--reset-password") { Description = "Make a new password for the dashboard; old sign-ins end" };
        host.Validators.Add(result => CheckName(result, result.GetValueOrDefault<string?>()));
        name.Validators.Add(result =>
        {
            foreach (var one in result.GetValueOrDefault<string[]>() ?? [])
            {
                CheckName(result, one);
            }
        });
        ports.Validators.Add(result =>
        {
            if (PortList(result.GetValueOrDefault<string>() ?? "") is null)
            {
                result.AddError("--ports must be a port, or FIRST-LAST with at most 32 ports.");
            }
        });
        var command = new Command("init", "Makes keys, passwords and certificates for a fleet in containers; what is there stays. Prints the first sign-in, and no other secret.")
        {
            to, host, name, ports, reset,
        };
        command.SetAction(async (result, cancellationToken) =>
        {
            var output = result.InvocationConfiguration.Output;
            var outside = result.GetValue(host) is { Length: > 0 } given ? given : null;
            string[] names = [.. _insideNames, .. result.GetValue(name) ?? [], .. outside is null ? [] : new[] { outside }];
            try
            {
                var folder = Path.GetFullPath(result.GetRequiredValue(to));
                var made = await new Initialiser(new InitFolders(folder), time).RunAsync(names, result.GetValue(reset), cancellationToken);
                Tell(output, folder, made, outside, PortList(result.GetRequiredValue(ports)) ?? []);
                return 0;
            }
            catch (Exception ex) when (ex is IOException or UnauthorizedAccessException or InvalidDataException)
            {
                await result.InvocationConfiguration.Error.WriteLineAsync($"Secrets could not be made: {ex.Message}");
                return 1;
            }
        });
        return command;
    }

    private static void Tell(TextWriter output, string folder, InitResult made, string? host, IReadOnlyList<int> ports)
    {
        output.WriteLine($"Keys, passwords and certificates are in {folder}.");
        if (made.NewCertificate)
        {
            output.WriteLine("The servers' certificate is new: silos and dashboards that run already must be started again.");
        }

        output.WriteLine(made.Password is { } password
            ? $"Dashboard: sign in as admin / {password}   (shown this once; --reset-password makes another)"
            : "Dashboard: sign in as admin with the password that was shown when it was made (--reset-password makes another).");
        if (host is not null)
        {
            var shown = IPAddress.TryParse(host, out var address) && address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[{host}]" : host;
            var servers = string.Join(',', ports.Select(port => string.Create(CultureInfo.InvariantCulture, $"https://{shown}:{port}")));
            output.WriteLine("A device connects with ca.pem and join.key of the folder agent/:");
            output.WriteLine($"  device-agent --server {servers} --ca-file ca.pem --key-file join.key --input alsa:default");
        }
    }

    /// <summary>The ports of "5100" or "5100-5109"; null when it is neither.</summary>
    internal static IReadOnlyList<int>? PortList(string text)
    {
        var ends = text.Split('-');
        return ends.Length <= 2
            && ushort.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            && ushort.TryParse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var last)
            && first > 0 && last >= first && last - first < 32
                ? [.. Enumerable.Range(first, last - first + 1)]
                : null;
    }

    private static void CheckName(System.CommandLine.Parsing.OptionResult result, string? name)
    {
        if (name is { Length: > 0 } && !IPAddress.TryParse(name, out _) && Uri.CheckHostName(name) != UriHostNameType.Dns)
        {
            result.AddError($"'{name}' is neither a name nor an IP address of a machine.");
        }
    }
}
