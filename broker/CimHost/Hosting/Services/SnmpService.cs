using System.Net;
using System.Net.Sockets;
using CimHost.Alerts;
using CimHost.ObjectManager.Dispatch;
using CimHost.Snmp;
using CimHost.Snmp.Agent;
using CimHost.Snmp.Mib;
using CimHost.Snmp.Notifications;
using CimHost.VmKernel.Boot.Services;

namespace CimHost.Hosting.Services;

/// <summary>The service "snmp": the agent at its address. Its engine counts its boots once per start of the host.</summary>
/// <param name="address">Where it listens.</param>
/// <param name="options">Configuration.</param>
/// <param name="state">Where engine, row numbers and settings are kept.</param>
/// <param name="systemName">Name of this host as CIM has it.</param>
/// <param name="broker">Where the object manager is.</param>
/// <param name="alerts">Alerts for the alert table.</param>
/// <param name="loggers">Makes logs.</param>
internal sealed partial class SnmpService(IPEndPoint address, SnmpOptions options, StateDirectory state, string systemName, Broker broker, IAlertLog alerts, ILoggerFactory loggers)
{
    private readonly ILogger _logger = loggers.CreateLogger("CimHost.Snmp");
    private readonly Lazy<SnmpEngineFacts> _engine = new(() => SnmpEngineFacts.Open(state.File("snmp-engine"), CimHostOids.DefaultEnterprise, TimeProvider.System));

    /// <summary>Runs until it is asked to end.</summary>
    /// <exception cref="ServiceException">The configuration is wrong or the address cannot be had: trying again is of no use.</exception>
    public async Task RunAsync(ServiceContext context)
    {
        await using var mibs = new MibModel(
            new MibOptions
            {
                SystemName = systemName, StorePath = state.File("snmp-mib.db"), Version = HostVersion.Text, Contact = options.Contact, Location = options.Location,
                Interval = TimeSpan.FromSeconds(Math.Clamp(options.IntervalSeconds, 1, 3600)),
            },
            () => broker.Current?.Manager.For(CimCaller.Host), _engine.Value, alerts, TimeProvider.System, loggers.CreateLogger<MibModel>());
        using SnmpServer server = Listen(mibs);
        if (options.Communities.Count == 0)
        {
            LogSilent();
        }

        LogListening(address);
        context.Serving();
        try
        {
            await server.RunAsync(context.Stop);
        }
        catch (OperationCanceledException) when (context.Stop.IsCancellationRequested)
        {
        }
    }

    /// <summary>Receivers of notifications.</summary>
    /// <exception cref="ServiceException">One is configured wrongly.</exception>
    public IReadOnlyList<NamedReceiver> Receivers()
    {
        var receivers = new List<NamedReceiver>();
        for (int i = 0; i < options.Targets.Count; i++)
        {
            TargetOptions target = options.Targets[i];
            try
            {
                receivers.Add(new NamedReceiver(target.Name, NotificationTarget.Create(target, _engine.Value, CimHostOids.Default), target.Filter, TimeSpan.FromMinutes(5)));
            }
            catch (FormatException e)
            {
                throw new ServiceException($"Snmp:Targets:{i}: {e.Message}");
            }
        }

        return receivers;
    }

    private SnmpServer Listen(MibModel mibs)
    {
        try
        {
            return new SnmpServer(address, options, mibs, _engine.Value, _logger);
        }
        catch (FormatException e)
        {
            throw new ServiceException(e.Message);
        }
        catch (SocketException e)
        {
            throw new ServiceException($"Endpoints:Snmp = {address}: {e.Message}");
        }
    }

    [LoggerMessage(8010, LogLevel.Information, "SNMP (v1, v2c) listens on {Address} (UDP)")]
    private partial void LogListening(IPEndPoint address);

    [LoggerMessage(8011, LogLevel.Warning, "SNMP: no community is configured (Snmp:Communities), so nobody gets an answer")]
    private partial void LogSilent();
}
