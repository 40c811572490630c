namespace Fleet.Cli.Retranscribe;

/// <summary>Who sits here, for the record: user@machine.</summary>
internal static class Person
{
    private const int MaxLength = 128;

    public static string Name()
    {
        var name = string.Concat($"{Environment.UserName}@{Environment.MachineName}".Where(character => !char.IsControl(character)));
        return name.Length > MaxLength ? name[..MaxLength] : name;
    }
}
