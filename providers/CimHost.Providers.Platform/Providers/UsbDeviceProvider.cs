using System.Composition;
using System.Globalization;
using System.Runtime.CompilerServices;
using CimHost.Providers.Platform.Files;
using CimHost.Providers.Platform.Kernel;
using CimHost.Providers.Platform.Wire.Usb;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Platform.Providers;

/// <summary>CimHost_USBDevice: one instance per USB device, hubs included.</summary>
[CimProvider(ClassNames.UsbDevice)]
[method: ImportingConstructor]
internal sealed class UsbDeviceProvider(IProviderHost host, PlatformFiles files, UsbDevices devices, IdNames names) : ICimProvider
{
    /// <inheritdoc/>
    public async IAsyncEnumerable<CimInstance> EnumerateAsync(CimProviderRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();

        foreach ((string name, string id) in devices.List())
        {
            string path = $"{UsbDevices.Folder}/{name}/";
            if (await files.ReadAsync(path + "descriptors", cancellationToken) is not { } bytes)
            {
                continue;
            }

            CimInstance instance = PlatformPaths.NewDevice(host, request, id, name);
            instance["PortPath"] = name;
            if (UsbDescriptors.TryRead(bytes, out UsbDescriptors? descriptors, out string? reason))
            {
                await SetAsync(instance, path, descriptors!, cancellationToken);
                Health.Ok.Set(instance);
            }
            else
            {
                new Health(0, 0, $"{path}descriptors is refused: {reason}").Set(instance);
            }

            yield return instance;
        }
    }

    private async ValueTask SetAsync(CimInstance instance, string path, UsbDescriptors descriptors, CancellationToken cancellationToken)
    {
        string vendorKey = $"{descriptors.VendorId:x4}";
        string productKey = $"{descriptors.VendorId:x4}:{descriptors.ProductId:x4}";
        IReadOnlyDictionary<string, string> found = await names.UsbAsync([vendorKey, productKey], cancellationToken);
        string? product = await files.TextAsync(path + "product", cancellationToken) ?? found.GetValueOrDefault(productKey);
        instance["VendorID"] = descriptors.VendorId;
        instance["ProductID"] = descriptors.ProductId;
        instance["DeviceReleaseNumber"] = descriptors.DeviceVersion;
        instance["Manufacturer"] = await files.TextAsync(path + "manufacturer", cancellationToken) ?? found.GetValueOrDefault(vendorKey);
        instance["Product"] = product;
        instance["ElementName"] = product ?? $"USB device {productKey}";
        instance["SerialNumber"] = await files.TextAsync(path + "serial", cancellationToken);
        instance["USBVersion"] = descriptors.UsbVersion;
        instance["ClassCode"] = descriptors.DeviceClass;
        instance["SubclassCode"] = descriptors.DeviceSubclass;
        instance["ProtocolCode"] = descriptors.DeviceProtocol;
        instance["NumberOfConfigs"] = descriptors.ConfigurationCount;
        byte? current = await files.NumberAsync(path + "bConfigurationValue", cancellationToken) is >= 0 and <= 255 and var value ? (byte)value : null;
        instance["CurrentConfigValue"] = current;
        UsbConfiguration? configuration = descriptors.Configurations.FirstOrDefault(c => c.Value == current) ?? (descriptors.Configurations is [var first, ..] ? first : null);
        string? speed = await files.TextAsync(path + "speed", cancellationToken);
        bool isFast = float.TryParse(speed, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out float megabits);
        instance["SpeedMegabits"] = isFast ? megabits : CimValue.Null;
        if (configuration is not null)
        {
            // In units of 2 mA, and of 8 mA from SuperSpeed on (USB 3.2 §9.6.3).
            instance["MaxCurrent"] = (ushort)(configuration.MaxPower * (isFast && megabits >= 5000 ? 8 : 2));
            instance["SelfPowered"] = configuration.IsSelfPowered;
            instance["InterfaceClasses"] = configuration.Interfaces.Where(i => i.AlternateSetting == 0).Select(i => $"{i.Class:x2}:{i.Subclass:x2}:{i.Protocol:x2}").ToArray();
            instance["Drivers"] = Drivers(path);
        }
    }

    private string[] Drivers(string path) =>
    [
        .. files.Tree.List(path.TrimEnd('/'))
            .Where(n => n.Contains(':', StringComparison.Ordinal))
            .Select(n => DeviceLocation.DriverOf(files.Tree, path + n))
            .OfType<string>()
            .Distinct(StringComparer.Ordinal),
    ];
}
