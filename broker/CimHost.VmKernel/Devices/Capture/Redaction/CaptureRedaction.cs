using CimHost.Sdk.Hardware;

namespace CimHost.VmKernel.Devices.Capture.Redaction;

/// <summary>
/// Replaces what identifies one machine among others: serial numbers, asset tags, host names, MAC and IP addresses, UUIDs, world-wide names.
/// They are found where the formats have them, and then replaced wherever they stand, as text (also UTF-16, in swapped words or in
/// hexadecimal) or as bytes.
/// </summary>
internal static class CaptureRedaction
{
    private const int Block = 512;

    /// <summary>Changes the capture; returns how many different identifiers were replaced.</summary>
    public static int Apply(MachineCapture capture)
    {
        var identifiers = new IdentifierSet();
        ControllerIdentifiers[] controllers = [.. capture.Controllers.Select(c => new ControllerIdentifiers(c))];
        Find(capture, controllers, identifiers);
        foreach (ControllerIdentifiers controller in controllers)
        {
            controller.Replace(identifiers);
        }

        PatternSet patterns = identifiers.Patterns;
        for (int i = 0; i < capture.Controllers.Count; i++)
        {
            capture.Controllers[i] = Replace(capture.Controllers[i], patterns);
        }

        for (int i = 0; i < capture.Disks.Count; i++)
        {
            foreach (Exchange exchange in capture.Disks[i].Exchanges.Values)
            {
                ReplaceBlocks(exchange.Data, patterns);
                patterns.Replace(exchange.Sense);
            }

            capture.Disks[i] = Replace(capture.Disks[i], patterns);
        }

        for (int i = 0; i < capture.HidDevices.Count; i++)
        {
            capture.HidDevices[i] = Replace(capture.HidDevices[i], patterns);
        }

        ReplaceFiles(capture.Files, patterns);
        capture.SystemName = patterns.Replace(capture.SystemName);
        return identifiers.Count;
    }

    private static void Find(MachineCapture capture, ControllerIdentifiers[] controllers, IdentifierSet identifiers)
    {
        identifiers.AddText(capture.SystemName);
        FileIdentifiers.Find(capture.Files, identifiers);
        foreach (ControllerIdentifiers controller in controllers)
        {
            controller.Find(identifiers);
        }

        foreach (CommandLog disk in capture.Disks)
        {
            DiskIdentifiers.Find(disk, identifiers);
        }

        foreach (CapturedHid device in capture.HidDevices)
        {
            identifiers.AddText(device.Identity.SerialNumber);
        }

        foreach (CommandLog disk in capture.Disks)
        {
            DiskIdentifiers.FindOfKnownMakers(disk, identifiers);
        }
    }

    // ATA data that end with a checksum (ACS-4 §7.13.8.65 and others: the sum of 512 bytes is 0) still have a right one afterwards.
    private static void ReplaceBlocks(byte[] data, PatternSet patterns)
    {
        byte[] before = [.. data];
        if (!patterns.Replace(data))
        {
            return;
        }

        for (int at = 0; at + Block <= data.Length; at += Block)
        {
            ReadOnlySpan<byte> block = before.AsSpan(at, Block);
            byte sum = 0;
            foreach (byte b in block)
            {
                sum += b;
            }

            if (sum == 0 && block.IndexOfAnyExcept((byte)0) >= 0)
            {
                FruAreas.KeepSum(block, data.AsSpan(at, Block), Block - 1);
            }
        }
    }

    private static CommandLog Replace(CommandLog log, PatternSet patterns)
    {
        CommandLog other = new(patterns.Replace(log.Name), log.Protocol) { Description = patterns.Replace(log.Description), Location = patterns.Replace(log.Location), Concurrency = log.Concurrency };
        foreach (Exchange exchange in log.Exchanges.Values)
        {
            other.Add(exchange.Fault is { } fault ? exchange with { Fault = Replace(fault, patterns) } : exchange);
        }

        return other;
    }

    private static CapturedHid Replace(CapturedHid device, PatternSet patterns)
    {
        HidIdentity id = device.Identity;
        var other = new CapturedHid(patterns.Replace(device.Name))
        {
            Description = patterns.Replace(device.Description),
            Descriptor = device.Descriptor,
            Identity = id with { Manufacturer = patterns.Replace(id.Manufacturer), Product = patterns.Replace(id.Product), SerialNumber = patterns.Replace(id.SerialNumber) },
        };
        foreach (((HidReportType, byte) key, CapturedReport report) in device.Reports)
        {
            patterns.Replace(report.Data);
            other.Reports[key] = report.Fault is { } fault ? report with { Fault = Replace(fault, patterns) } : report;
        }

        foreach ((byte number, byte[] data) in device.Sent)
        {
            patterns.Replace(data);
            other.Sent[number] = data;
        }

        return other;
    }

    private static void ReplaceFiles(SortedDictionary<string, CapturedEntry> files, PatternSet patterns)
    {
        KeyValuePair<string, CapturedEntry>[] entries = [.. files];
        files.Clear();
        foreach ((string path, CapturedEntry entry) in entries)
        {
            entry.Target = patterns.Replace(entry.Target);
            entry.Names = entry.Names is { } names ? [.. names.Select(patterns.Replace).Order(StringComparer.Ordinal)] : null;
            entry.Fault = entry.Fault is { } fault ? Replace(fault, patterns) : null;
            foreach (byte[] part in entry.Parts?.Values ?? [])
            {
                byte[] before = [.. part];
                if (patterns.Replace(part))
                {
                    ModuleIdentifiers.Keep(path, before, part);
                }
            }

            files[patterns.Replace(path)] = entry;
        }
    }

    private static CapturedFault Replace(CapturedFault fault, PatternSet patterns) => fault with { Message = patterns.Replace(fault.Message) };
}
