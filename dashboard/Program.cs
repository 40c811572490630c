using Fleet.Dashboard.Hosting;

return await CommandLine.RunAsync(args);
