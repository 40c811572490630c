using System.Globalization;
using Fleet.Cli.Local.Postgres;
using Fleet.Cli.Local.State;

namespace Fleet.Cli.Local.Doctor;

/// <summary>Whether a database that is there can be started.</summary>
internal sealed class DatabaseChecks(LocalPaths paths)
{
    private const string Name = "Database";

    public Finding Check()
    {
        var folder = paths.PostgresFolder();
        var data = Path.Combine(folder, "data");
        try
        {
            if (!File.Exists(Path.Combine(folder, "complete")))
            {
                return Finding.Good(Name, $"will be made in {folder}");
            }

            var versionFile = Path.Combine(data, "PG_VERSION");
            if (!File.Exists(versionFile))
            {
                return Finding.Bad(Name, $"{data} is said to be complete and holds no cluster", $"restore it from a backup, or begin anew: ./fleet down && rm -r {folder}");
            }

            var text = File.ReadAllText(versionFile).Trim();
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version))
            {
                return Finding.Bad(Name, $"{versionFile} says '{text}'", "restore it from a backup");
            }

            return PostgresBinaries.Find(version) is null
                ? Finding.Bad(
                    Name, string.Create(CultureInfo.InvariantCulture, $"{data} was made by PostgreSQL {version}, which is not installed"),
                    string.Create(CultureInfo.InvariantCulture, $"apt-get install -y postgresql-{version}; or begin anew: ./fleet down && rm -r {folder}"))
                : Finding.Good(Name, string.Create(CultureInfo.InvariantCulture, $"{data}, made by PostgreSQL {version}"));
        }
        catch (UnauthorizedAccessException ex)
        {
            return Finding.Bad(Name, ex.Message, $"run ./fleet as the user who made {paths.StateFolder}");
        }
    }
}
