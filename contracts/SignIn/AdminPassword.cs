using System.Security.Cryptography;

namespace Fleet.Contracts.SignIn;

/// <summary>Passwords that people type in.</summary>
public static class AdminPassword
{
    // No letters or digits that are mistaken for another; 31 symbols, 20 of them: 99 bits.
    private const string Alphabet = "abcdefghjkmnpqrstuvwxyz23456789";
    private const int Groups = 4;
    private const int GroupLength = 5;

    /// <summary>A new random one, such as <c>abcde-fghjk-mnpqr-stuvw</c>.</summary>
    public static string New() =>
        string.Join('-', Enumerable.Range(0, Groups).Select(_ => RandomNumberGenerator.GetString(Alphabet, GroupLength)));
}
