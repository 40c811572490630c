using Fleet.Cli.Local.Postgres;
using Fleet.Testing;

namespace Fleet.BrowserTests;

/// <summary>The machine's own Chromium; Playwright downloads none.</summary>
internal static class Chromium
{
    private static readonly string[] _usualPlaces = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    public static string? Path { get; } =
        Environment.GetEnvironmentVariable("FLEET_CHROMIUM") is { Length: > 0 } told ? told : _usualPlaces.FirstOrDefault(File.Exists);

    public static string[] Arguments { get; } =
    [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", "--autoplay-policy=no-user-gesture-required",
    ];

    public static string? SkipReason { get; } =
        Requirement.SkipUnless(Path is not null, "Chromium is not installed: apt-get install chromium, or set FLEET_CHROMIUM to its path.")
        ?? Requirement.SkipUnless(PostgresBinaries.Find() is not null, PostgresBinaries.Remedy);
}
