using System.Net;
using Fleet.Silo.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Fleet.Benchmarks.GrpcCalls;

/// <summary>A process with the Bench service in .NET. Says its port, then what it has used for each line that it reads; ends with its input.</summary>
internal static class DotNetServer
{
    public static int Run()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddSingleton<IMemoryPoolFactory<byte>>(new TransportMemory(new GrpcOptions().ReadBytes));
        builder.Services.AddGrpc();
        var application = builder.Build();
        application.MapGrpcService<BenchService>();
        application.StartAsync().GetAwaiter().GetResult();

        var addresses = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>();
        Console.WriteLine(PeerJson.Write(new ServerReport(new Uri(addresses!.Addresses.Single()).Port, 0, 0)));

        // On the main thread: reading the console would take one of the few threads of the pool.
        while (Console.In.ReadLine() is not null)
        {
            var used = ProcessUsage.Now();
            Console.WriteLine(PeerJson.Write(new ServerReport(0, used.CpuMicroseconds, used.AllocatedBytes)));
        }

        return 0;
    }
}
