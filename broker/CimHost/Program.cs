using CimHost.Hosting;

return await Serve.RunAsync(null, args.Skip(1).ToList(), CancellationToken.None);
