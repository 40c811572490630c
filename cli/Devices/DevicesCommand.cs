using System.CommandLine;
using System.Globalization;
using Fleet.Cli.Api;
using Fleet.Cli.Output;
using Fleet.V1;
using Google.Protobuf.Collections;
using Spectre.Console;

namespace Fleet.Cli.Devices;

/// <summary>`fleet-cli devices`: who is there, and whether anything of theirs is missing.</summary>
internal static class DevicesCommand
{
    private const string About =
        """
        The devices of the fleet: who is online, and what became of everything they recorded.

        Example: every device that is away
          fleet-cli devices --json | jq -r 'select(.online | not) | .device_id'
        """;

    public static Command Create(TimeProvider time)
    {
        var json = new Option<bool>("--json") { Description = "One JSON object a line (docs/cli.md)" };
        var command = new Command("devices", About) { json };
        command.AsksFleet(time, async (parsed, client, writers, cancellationToken) =>
        {
            var asked = client.CallAsync(
                (api, headers, deadline, token) => api.ListDevicesAsync(new ListDevicesRequest(), headers, deadline, token), cancellationToken);
            var devices = (await writers.Slow.WhileAsync(asked, () => "Waiting for the list of devices")).Devices;
            if (parsed.GetValue(json))
            {
                foreach (var device in devices)
                {
                    JsonLines.Write(writers.Output, DeviceLine.From(device));
                }
            }
            else
            {
                Show(devices, writers);
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static void Show(RepeatedField<DeviceInfo> devices, Writers writers)
    {
        if (devices.Count == 0)
        {
            writers.Say("No device has connected yet: device-agent --server … connects one (README.md).");
            return;
        }

        var table = Writers.NewTable("DEVICE", "STATE", "LAST SEEN", "SPOKEN", "STORED", "LOST", "MISSING", "SPOOL", "HEALTH");
        foreach (var device in devices)
        {
            table.AddRow(
                new Text(PlainText.Of(device.DeviceId)),
                device.Online ? new Text("online", Color.Green) : new Text("offline", Color.Grey),
                new Text(writers.Moment(device.LastSeenUnixMs)),
                Number(device.SpokenUtterances),
                Number(device.StoredUtterances),
                Number(device.LostUtterances, Color.Yellow),
                Number(device.MissingUtterances, Color.Red),
                Number(device.SpoolUtterances),
                new Text(PlainText.Of(string.Join(", ", device.Health)), Color.Yellow));
        }

        writers.Console.Write(table);
        writers.Say(string.Create(CultureInfo.InvariantCulture, $"{devices.Count} devices, {devices.Count(device => device.Online)} online."));
    }

    private static Text Number(ulong number, Color? whenAny = null) =>
        new(number.ToString(CultureInfo.InvariantCulture), number > 0 && whenAny is { } colour ? new Style(colour) : Style.Plain);
}
