using CimHost.Providers.Ipmi.Wire.Commands;
using CimHost.Sdk.Hardware;

namespace CimHost.Providers.Ipmi.Model;

/// <summary>Where a FRU device is read (IPMI 2.0 §43.8): the controller that gives access, and the device there.</summary>
/// <param name="DeviceId">FRU device id.</param>
/// <param name="Lun">Logical unit of the controller.</param>
/// <param name="Controller">Slave address of the controller.</param>
/// <param name="Channel">Channel of the controller; of no account for the port's own.</param>
internal readonly record struct FruAddress(byte DeviceId, byte Lun = 0, byte Controller = BmcSensor.BmcAddress, byte Channel = 0)
{
    /// <summary>True for a device of a controller behind the one that the port leads to.</summary>
    public bool IsBridged => Controller != BmcSensor.BmcAddress;

    /// <summary>True for the inventory of the machine itself: device 0 of the port's controller.</summary>
    public bool IsMachine => DeviceId == 0 && !IsBridged;

    /// <summary>A command about the device, addressed to its controller.</summary>
    public IpmiRequest ToController(IpmiRequest request) => IsBridged ? request with { Target = Controller, Channel = Channel } : request;
}
