using CimHost.Commands;
using CimHost.Hosting;

return await CommandLine.RunAsync(args, Serve.RunAsync);
