using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace CimHost.Providers.Platform.Wire.Modules;

/// <summary>SFP modules (SFF-8472 rev 12.4): identification at A0h, diagnostics at A2h.</summary>
internal static class Sff8472
{
    private const byte CopperPigtail = 0x21;
    private const byte NoConnector = 0x23;

    /// <summary>Reads a module.</summary>
    /// <param name="identification">Lower 128 bytes at A0h.</param>
    /// <param name="diagnostics">Lower 128 bytes at A2h; empty when there are none.</param>
    /// <param name="module">The module.</param>
    /// <param name="reason">Why it was refused.</param>
    public static bool TryRead(
        ReadOnlySpan<byte> identification, ReadOnlySpan<byte> diagnostics, [NotNullWhen(true)] out OpticalModule? module, [NotNullWhen(false)] out string? reason)
    {
        module = null;
        reason = identification.Length < ModuleBytes.PageLength ? $"the identification has {identification.Length} bytes and not {ModuleBytes.PageLength}"
            : !ModuleBytes.SumIsGood(identification[..63], identification[63]) ? "the checksum of the identification (byte 63) is wrong"
            : !ModuleBytes.SumIsGood(identification[64..95], identification[95]) ? "the checksum of the extended identification (byte 95) is wrong"
            : null;
        if (reason is not null)
        {
            return false;
        }

        IReadOnlyList<ModuleQuantity> quantities = [];
        if (HasDiagnostics(identification) && !diagnostics.IsEmpty)
        {
            reason = diagnostics.Length < ModuleBytes.PageLength ? $"the diagnostics have {diagnostics.Length} bytes and not {ModuleBytes.PageLength}"
                : !ModuleBytes.SumIsGood(diagnostics[..95], diagnostics[95]) ? "the checksum of the limits (byte 95 at A2h) is wrong"
                : null;
            if (reason is not null)
            {
                return false;
            }

            quantities = Quantities(diagnostics, new Calibration(diagnostics, (identification[92] & 0x10) != 0));
        }

        byte connector = identification[2];
        ushort wavelength = ModuleBytes.Unsigned(identification, 60);
        module = new OpticalModule
        {
            FormFactor = ModuleBytes.FormFactorOf(identification[0]) ?? "SFP",
            Connector = ModuleBytes.ConnectorOf(connector),
            Vendor = ModuleBytes.Text(identification[20..36]),
            PartNumber = ModuleBytes.Text(identification[40..56]),
            Revision = ModuleBytes.Text(identification[56..60]),
            SerialNumber = ModuleBytes.Text(identification[68..84]),
            DateCode = ModuleBytes.Text(identification[84..92]),

            // Of cables these bytes tell the attenuation (byte 8, bits 2 and 3).
            Wavelength = wavelength == 0 || connector is CopperPigtail or NoConnector || (identification[8] & 0x0C) != 0 ? null : wavelength,
            Quantities = quantities,
        };
        return true;
    }

    /// <summary>Whether diagnostics are there and need no change of address (byte 92, bits 6 and 2).</summary>
    public static bool HasDiagnostics(ReadOnlySpan<byte> identification) => identification.Length > 92 && (identification[92] & 0x44) == 0x40;

    // Byte 110 bit 0: the values are not there yet.
    private static List<ModuleQuantity> Quantities(ReadOnlySpan<byte> d, Calibration calibration)
    {
        if ((d[110] & 1) != 0)
        {
            return [];
        }

        return
        [
            new(ModuleQuantityKind.Temperature, null, calibration.Temperature(ModuleBytes.Signed(d, 96)), ModuleBytes.Limits(d, 0, calibration.Temperature, signed: true)),
            new(ModuleQuantityKind.Voltage, null, calibration.Voltage(ModuleBytes.Unsigned(d, 98)), ModuleBytes.Limits(d, 8, calibration.Voltage)),
            new(ModuleQuantityKind.Bias, 1, calibration.Bias(ModuleBytes.Unsigned(d, 100)), ModuleBytes.Limits(d, 16, calibration.Bias)),
            new(ModuleQuantityKind.TransmitPower, 1, calibration.TransmitPower(ModuleBytes.Unsigned(d, 102)), ModuleBytes.Limits(d, 24, calibration.TransmitPower)),
            new(ModuleQuantityKind.ReceivePower, 1, calibration.ReceivePower(ModuleBytes.Unsigned(d, 104)), ModuleBytes.Limits(d, 32, calibration.ReceivePower)),
        ];
    }

    // §9.3: with external calibration the values and their limits are raw, and the constants of bytes 56 to 91 make them physical.
    private sealed class Calibration
    {
        private readonly bool _external;
        private readonly double[] _receive = new double[5];
        private readonly (double Slope, double Offset)[] _linear = new (double, double)[4];

        public Calibration(ReadOnlySpan<byte> d, bool external)
        {
            _external = external;
            for (int i = 0; i < _receive.Length; i++)
            {
                float factor = BinaryPrimitives.ReadSingleBigEndian(d[(56 + (4 * i))..]);
                _receive[_receive.Length - 1 - i] = float.IsFinite(factor) ? factor : 0;
            }

            for (int i = 0; i < _linear.Length; i++)
            {
                _linear[i] = (ModuleBytes.Unsigned(d, 76 + (4 * i)) / 256.0, ModuleBytes.Signed(d, 78 + (4 * i)));
            }
        }

        public int Bias(int raw) => ModuleBytes.Bias(Linear(raw, 0));

        public int TransmitPower(int raw) => Linear(raw, 1);

        public int Temperature(int raw) => ModuleBytes.Temperature(Linear(raw, 2));

        public int Voltage(int raw) => Linear(raw, 3);

        public int ReceivePower(int raw)
        {
            if (!_external)
            {
                return raw;
            }

            double power = 0;
            for (int i = _receive.Length - 1; i >= 0; i--)
            {
                power = (power * raw) + _receive[i];
            }

            return Bounded(power);
        }

        private int Linear(int raw, int quantity) => _external ? Bounded((raw * _linear[quantity].Slope) + _linear[quantity].Offset) : raw;

        // No constants make more of a value than CIM can tell.
        private static int Bounded(double value) => double.IsNaN(value) ? 0 : (int)Math.Clamp(Math.Round(value), -1_000_000, 1_000_000);
    }
}
