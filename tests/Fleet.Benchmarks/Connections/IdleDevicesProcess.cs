using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using Fleet.Benchmarks.GrpcCalls;
using Grpc.Core;

namespace Fleet.Benchmarks.Connections;

/// <summary>A process with all idle devices of a run; does what each line that it reads says, and ends with its input.</summary>
internal static class IdleDevicesProcess
{
    // Handshakes at a time: as many as keep two cores busy, not so many that the last one waits for all others.
    private const int AtOnce = 16;

    public static int Run()
    {
        IdleTotals totals = new();
        List<IdleDevice> devices = [];
        X509Certificate2? certificate = null;
        while (Console.In.ReadLine() is { } line)
        {
            var order = PeerJson.Read<ConnectionsOrder>(line);
            certificate ??= order.CertificateFile is { } file ? X509CertificateLoader.LoadCertificateFromFile(file) : null;
            OpenAsync(order, certificate, devices, totals).GetAwaiter().GetResult();
            Console.WriteLine(PeerJson.Write(totals.Answer));
        }

        Task.WhenAll(devices.Select(static device => device.DisposeAsync().AsTask())).GetAwaiter().GetResult();
        certificate?.Dispose();
        return 0;
    }

    private static async Task OpenAsync(ConnectionsOrder order, X509Certificate2? certificate, List<IdleDevice> devices, IdleTotals totals)
    {
        var key = (await File.ReadAllTextAsync(order.KeyFile)).Trim();
        var first = devices.Count;
        Lock added = new();
        await Parallel.ForAsync(0, order.More, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (i, _) =>
        {
            try
            {
                var name = string.Create(CultureInfo.InvariantCulture, $"idle-{first + i + 1}");
                var device = await IdleDevice.OpenAsync(name, order.Address, key, certificate, totals, TimeProvider.System);
                lock (added)
                {
                    devices.Add(device);
                }
            }
            catch (Exception exception) when (exception is RpcException or IOException)
            {
                totals.OnFailed(exception.Message);
            }
        });
    }
}
