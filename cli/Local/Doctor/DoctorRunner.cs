using Fleet.Cli.Local.Processes;
using Fleet.Cli.Local.State;
using Fleet.Cli.Local.Terminal;

namespace Fleet.Cli.Local.Doctor;

/// <summary>`local doctor`: every check with ok or the mend. Exit code 1 when a start would fail.</summary>
internal sealed class DoctorRunner(LocalPaths paths, FleetPrograms programs, Narrator narrator)
{
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var places = new PlaceChecks(paths, programs);
        var state = RunFile.Read(paths.RunFile);
        Finding[] findings =
        [
            await MachineChecks.SdkAsync(cancellationToken),
            await MachineChecks.NodeAsync(cancellationToken),
            MachineChecks.ServerUser(),
            .. MachineChecks.Packages(),
            places.Built(),
            places.StateFolder(),
            places.Secrets(),
            places.Disk(),
            places.Ports(state),
            PlaceChecks.Run(state),
        ];
        foreach (var finding in findings)
        {
            var text = $"{finding.What,-22} {finding.Detail}";
            switch (finding.Severity)
            {
                case FindingSeverity.Good:
                    narrator.Good(text);
                    break;
                case FindingSeverity.Warning:
                    narrator.Warn($"{text}\n   mend: {finding.Mend}");
                    break;
                default:
                    narrator.Bad($"{text}\n   mend: {finding.Mend}");
                    break;
            }
        }

        return findings.Any(finding => finding.Severity == FindingSeverity.Bad) ? 1 : 0;
    }
}
