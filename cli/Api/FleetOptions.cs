using System.CommandLine;

namespace Fleet.Cli.Api;

/// <summary>The options by which each command that asks a fleet is told which one.</summary>
internal sealed class FleetOptions
{
    private readonly Option<string?> _server = new("--server")
    {
        Description = "Address of a silo, such as https://fleet.example.org:5100. Without it: $FLEET_SERVER, or the fleet that ./fleet up runs here",
        HelpName = "URL",
    };

    private readonly Option<string?> _keyFile = new("--key-file")
    {
        Description = "File with the API key (the silo's ApiKeyFile). Without it: $FLEET_API_KEY, the file $FLEET_API_KEY_FILE, or the local fleet's",
        HelpName = "FILE",
    };

    private readonly Option<string?> _caFile = new("--ca-file")
    {
        Description = "Trust the certificates in this PEM file instead of those that the system trusts. Without it: $FLEET_CA_FILE",
        HelpName = "FILE",
    };

    private readonly Option<bool> _privateNetwork = new("--private-network")
    {
        Description = "Nobody else is in the network between here and the silo: allow http:// to another machine",
    };

    private readonly Option<string?> _stateDir = new("--state-dir")
    {
        Description = "State folder of the local fleet. Without it: $FLEET_STATE_DIR, or .fleet here or in a folder above",
        HelpName = "FOLDER",
    };

    private readonly Option<double> _timeout = new("--timeout")
    {
        Description = "Longest wait for an answer, in seconds",
        HelpName = "SECONDS",
        DefaultValueFactory = _ => 30,
    };

    public FleetOptions()
    {
        _timeout.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (>= 0.1 and <= 86_400))
            {
                result.AddError("--timeout must be between 0.1 and 86400 seconds.");
            }
        });
    }

    public void AddTo(Command command)
    {
        command.Options.Add(_server);
        command.Options.Add(_keyFile);
        command.Options.Add(_caFile);
        command.Options.Add(_privateNetwork);
        command.Options.Add(_stateDir);
        command.Options.Add(_timeout);
    }

    public FleetClient Connect(ParseResult parsed, TimeProvider time)
    {
        var address = AddressFinder.OfProcess().Find(
            parsed.GetValue(_server), parsed.GetValue(_keyFile), parsed.GetValue(_caFile), parsed.GetValue(_stateDir), parsed.GetValue(_privateNetwork));
        return new FleetClient(address, TimeSpan.FromSeconds(parsed.GetValue(_timeout)), time);
    }
}
