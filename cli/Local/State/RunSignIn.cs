namespace Fleet.Cli.Local.State;

/// <summary>The dashboard's sign-in.</summary>
internal sealed record RunSignIn(string User, string? Password, string PasswordFile);
