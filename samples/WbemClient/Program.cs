// Lists the sensors of a host over CIM-XML, through the client of CimHost's SDK:
//
//     CIMHOST_PASSWORD=… dotnet run --project samples/WbemClient -- https://server:5989 root [thumbprint]

using CimHost.Sdk.Cim;
using CimHost.Sdk.Operations;
using CimHost.Wbem.Client;

if (args.Length is < 2 or > 3)
{
    Console.Error.WriteLine("Usage: WbemClient https://HOST:5989 USER [SHA-256 of the host's certificate]    (the password is read from CIMHOST_PASSWORD)");
    return 2;
}

using var interrupted = new CancellationTokenSource();
Console.CancelKeyPress += (_, press) =>
{
    press.Cancel = true;
    interrupted.Cancel();
};

try
{
    using CimSession session = CimSession.Create(args[0], new CimSessionOptions
    {
        UserName = args[1],
        Password = Environment.GetEnvironmentVariable("CIMHOST_PASSWORD"),
        CertificateThumbprint = args.ElementAtOrDefault(2),
    });

    // Only what is shown is asked for. Instances of subclasses come too, so that this lists the sensors of every provider.
    var options = new CimInstanceOptions { PropertyList = ["ElementName", "CurrentReading", "UnitModifier", "BaseUnits", "CurrentState"] };
    await foreach (CimInstance sensor in session.EnumerateInstancesAsync("root/cimv2", "CIM_NumericSensor", options, interrupted.Token))
    {
        Console.WriteLine($"{sensor["ElementName"],-32} {Reading(sensor),12}  {sensor["CurrentState"]}");
    }

    return 0;
}
catch (ArgumentException e)
{
    Console.Error.WriteLine(e.Message);
    return 2;
}
catch (CimException e)
{
    // The server's own status and words. What was listed before it is valid.
    Console.Error.WriteLine($"{e.StatusName}: {e.Message}");
    return 1;
}
catch (CimSessionException e)
{
    // Not reached, not trusted, not authenticated: the message says which.
    Console.Error.WriteLine(e.Message);
    return 3;
}
catch (OperationCanceledException)
{
    return 130;
}

// A reading is CurrentReading times ten to the power of UnitModifier; NULL is "no reading", never 0.
static string Reading(CimInstance sensor)
{
    if (!sensor["CurrentReading"].TryGetDouble(out double reading))
    {
        return "–";
    }

    double modifier = sensor.TryGetValue("UnitModifier", out CimValue value) && value.TryGetDouble(out double power) ? power : 0;
    string unit = sensor.TryGetValue("BaseUnits", out CimValue units) && units.TryGetUInt64(out ulong number) ? number switch
    {
        2 => "°C",
        5 => "V",
        6 => "A",
        7 => "W",
        19 => "RPM",
        65 => "%",
        _ => string.Empty,
    }
    : string.Empty;
    return $"{reading * Math.Pow(10, modifier):0.###} {unit}";
}
