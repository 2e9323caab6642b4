using MailCluster.Node.Commands;
using MailCluster.Node.Hosting;

return await CommandLine.RunAsync(args, RunningNode.RunAsync);
