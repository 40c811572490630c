using System.Diagnostics;
using Fleet.Testing;

namespace Fleet.IntegrationTests.Deployment;

/// <summary>The programs as the images have them: published, one folder each, named after the assembly. What is built is not built again.</summary>
internal static class PublishedPrograms
{
    private static readonly (string Folder, string Assembly)[] _programs =
    [
        ("cli", "fleet-cli"), ("scoring", "Fleet.Scoring"), ("silo", "Fleet.Silo"), ("dashboard", "Fleet.Dashboard"), ("device-agent", "Fleet.DeviceAgent"),
    ];

    public static async Task PublishAsync(string target)
    {
        foreach (var (folder, assembly) in _programs)
        {
            using var publish = Process.Start(new ProcessStartInfo("dotnet")
            {
                ArgumentList =
                {
                    "publish", Path.Combine(RepositoryPaths.Root, folder), "-c", "Release", "--no-build", "-p:UseAppHost=false", "-nodeReuse:false", "-v", "q", "--nologo",
                    $"-p:FullFeed={(RepositoryPaths.Flavour == "full" ? "true" : "false")}", "-o", Path.Combine(target, assembly),
                },
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }) ?? throw new InvalidOperationException("dotnet does not start.");
            var output = await publish.StandardOutput.ReadToEndAsync();
            await publish.WaitForExitAsync();
            publish.ExitCode.ShouldBe(0, output);
        }
    }
}
