namespace Fleet.Storage;

/// <summary>Compares what the database has with what the program knows.</summary>
internal static class MigrationPlan
{
    /// <summary>What is still to be applied.</summary>
    /// <exception cref="SchemaException">The database has something that the program does not know, or knows differently.</exception>
    public static IReadOnlyList<Migration> Pending(IReadOnlyList<Migration> known, IReadOnlyList<AppliedMigration> applied)
    {
        for (int i = 0; i < applied.Count; i++)
        {
            AppliedMigration there = applied[i];
            if (i >= known.Count)
            {
                throw TooNew(known, applied);
            }

            Migration here = known[i];
            if (there.Number != here.Number)
            {
                throw new SchemaException(
                    $"The database has migration {there.Name} where {here.Name} is expected: its list of migrations has been " +
                    "changed by hand. Restore the table fleet_schema_migrations.");
            }

            if (!string.Equals(there.Checksum, here.Checksum, StringComparison.Ordinal))
            {
                throw new SchemaException(
                    $"Migration {here.Name} was changed after it had been applied to this database (checksum " +
                    $"{there.Checksum[..8]} there, {here.Checksum[..8]} here). " +
                    "Migrations are append-only: undo the change and add a new migration.");
            }
        }

        return [.. known.Skip(applied.Count)];
    }

    private static SchemaException TooNew(IReadOnlyList<Migration> known, IReadOnlyList<AppliedMigration> applied) => new(
        $"The database's schema is newer than this program: it has {applied[^1].Name}, this program knows up to {known[^1].Name}. " +
        "Bring the program up to date (a schema is never taken back).");
}
