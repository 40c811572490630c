using System.Globalization;
using System.Text.Json;
using Fleet.GrpcPeer;
using Fleet.GrpcPeer.Conformance;
using Grpc.Net.Client;

switch (args)
{
    case ["serve"]:
        await using (var host = await PeerHost.StartAsync())
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"PORT {host.Address.Port}"));

            // Whoever started it ends it; it also ends by itself, since nobody needs it for longer.
            await Task.WhenAny(host.WaitForShutdownAsync(), Task.Delay(TimeSpan.FromMinutes(10), TimeProvider.System));
        }

        return 0;
    case ["call", var address]:
        using (var channel = GrpcChannel.ForAddress(address))
        {
            foreach (var scenario in Scenarios.All)
            {
                var failure = await scenario.TryAsync(channel);
                Console.WriteLine(JsonSerializer.Serialize(new { name = scenario.Name, failure }));
            }
        }

        Console.WriteLine("DONE");
        return 0;
    default:
        await Console.Error.WriteLineAsync("Usage: Fleet.GrpcPeer serve | call ADDRESS");
        return 1;
}
