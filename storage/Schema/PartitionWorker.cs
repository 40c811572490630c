using Microsoft.Extensions.Hosting;

namespace Fleet.Storage;

internal sealed class PartitionWorker : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.CompletedTask;
}
