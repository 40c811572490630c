using Fleet.Storage;
using Microsoft.Extensions.Options;

namespace Fleet.Silo.Hosting;

/// <summary>
/// <c>--migrate</c>: brings the schema to this version and ends, so that one job does it before many silos start. A silo that starts does the same.
/// </summary>
internal static class MigrateCommand
{
    // A database server that starts at the same time, its recovery included.
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(1);

    public static async Task<int> RunAsync(string[] args, TimeProvider time, TextWriter output, TextWriter errors, CancellationToken cancellationToken = default)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        builder.Services.AddFleetDatabase(builder.Configuration, "fleet-migrate");
        await using var app = builder.Build();
        try
        {
            await MigrateAsync(app.Services.GetRequiredService<Migrator>(), time, output, cancellationToken);
            await output.WriteLineAsync("The schema is the one of this version.");
            return 0;
        }
        catch (OptionsValidationException ex)
        {
            await errors.WriteLineAsync(string.Join('\n', ex.Failures));
        }
        catch (Exception ex) when (ex is SchemaException or StorageUnavailableException)
        {
            await errors.WriteLineAsync($"The schema is not the one of this version: {ex.Message}");
        }

        return 1;
    }

    private static async Task MigrateAsync(Migrator migrator, TimeProvider time, TextWriter output, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        for (var told = false; ; told = true)
        {
            try
            {
                await migrator.MigrateAsync(cancellationToken);
                return;
            }
            catch (StorageUnavailableException ex) when (time.GetElapsedTime(started) < _patience)
            {
                if (!told)
                {
                    await output.WriteLineAsync($"Waiting for the database: {ex.Message}");
                }

                await Task.Delay(_pause, time, cancellationToken);
            }
        }
    }
}
