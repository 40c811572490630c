namespace Fleet.Dashboard.SignIn;

/// <summary>What the sign-in form sends.</summary>
public sealed class SignInInput
{
    internal const int MaxPasswordLength = 256;

    public string? UserName { get; set; }

    public string? Password { get; set; }
}
