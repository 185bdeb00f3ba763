using Pendopo.Server.Hosting;

var app = await PendopoHost.BuildAsync(args, Console.Error);
if (app is null) return 1;
await app.RunAsync();
return 0;
