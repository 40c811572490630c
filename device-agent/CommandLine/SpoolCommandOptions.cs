using System.CommandLine;
using Fleet.DeviceAgent.Spool;

namespace Fleet.DeviceAgent.CommandLine;

/// <summary>The options for what waits on disk: <c>--spool-…</c> and <c>--keep-stored-hours</c>.</summary>
internal sealed class SpoolCommandOptions
{
    private readonly Option<long> _mib = OptionParsing.Ranged<long>(
        "--spool-mib", "MIB", 1024, 1, 1L << 20,
        "Most disk space for what is not sent yet, for each device, in MiB (1 MiB = 33 s of speech); beyond it the oldest goes.");

    private readonly Option<double> _days = OptionParsing.Ranged<double>(
        "--spool-days", "DAYS", new SpoolOptions().MaxAge.TotalDays, 0.01, 365,
        "Longest time that an utterance waits for the cloud; then it goes and is reported as lost.");

    private readonly Option<string> _encryption = new Option<string>("--spool-encryption")
    {
        Description = "Whether what was said is encrypted on the disk, so that a stolen SD card does not tell it (docs/spool.md).",
        HelpName = "on|off",
        DefaultValueFactory = _ => "on",
    }.AcceptOnlyFromAmong("on", "off");

    private readonly Option<string?> _keyFile = new("--spool-key-file")
    {
        Description = "File with the key of the spool, 16 bytes or more, on another medium than the state folder. " +
            "Without it the key is in the state folder, mixed with the serial number of a Raspberry Pi.",
        HelpName = "FILE",
    };

    private readonly Option<double> _keepStored = OptionParsing.Ranged<double>(
        "--keep-stored-hours", "HOURS", 0, 0, 720,
        "Keep what the cloud has stored so much longer, for a cloud that may lose what it said it had; it goes first when room is needed.");

    public void AddTo(Command command)
    {
        command.Add(_mib);
        command.Add(_days);
        command.Add(_encryption);
        command.Add(_keyFile);
        command.Add(_keepStored);
    }

    public SpoolOptions Read(ParseResult parsed) => new()
    {
        MaxBytes = parsed.GetValue(_mib) << 20,
        MaxAge = TimeSpan.FromDays(parsed.GetValue(_days)),
        Encrypt = parsed.GetValue(_encryption) == "on",
        KeyFile = parsed.GetValue(_keyFile),
        KeepStored = TimeSpan.FromHours(parsed.GetValue(_keepStored)),
    };
}
