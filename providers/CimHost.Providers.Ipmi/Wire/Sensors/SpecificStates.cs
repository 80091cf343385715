namespace CimHost.Providers.Ipmi.Wire.Sensors;

/// <summary>Sensor-specific offsets by sensor type (IPMI 2.0 table 42-3); marks as in <see cref="SensorState"/>, empty where reserved.</summary>
internal static class SpecificStates
{
    public static IReadOnlyList<(byte SensorType, string[] Texts)> All { get; } =
    [
        (0x05, [
            "~General chassis intrusion", "~Drive bay intrusion", "~I/O card area intrusion", "~Processor area intrusion", "~LAN leash lost",
            "~Unauthorized dock", "~Fan area intrusion",
        ]),
        (0x06, [
            "~Front panel lockout violation attempted", "~Pre-boot password violation: user", "~Pre-boot password violation: setup",
            "~Pre-boot password violation: network boot", "~Other pre-boot password violation", "~Out-of-band access password violation",
        ]),
        (0x07, [
            "!IERR", "!Thermal Trip", "!FRB1/BIST failure", "!FRB2/Hang in POST failure", "!FRB3/Startup failure", "!Configuration Error",
            "!Uncorrectable CPU-complex error", "Presence detected", "~Disabled", "Terminator presence detected", "~Throttled",
            "!Machine check exception", "~Correctable machine check error",
        ]),
        (0x08, [
            "Presence detected", "!Failure detected", "~Predictive failure", "!Power supply input lost (AC/DC)",
            "!Input lost or out of range", "~Input out of range, but present", "!Configuration error", "Inactive (standby)",
        ]),
        (0x09, [
            "Power off/down", "Power cycle", "240VA power down", "Interlock power down", "!AC lost", "!Soft power control failure",
            "!Power unit failure", "~Predictive failure",
        ]),
        (0x0C, [
            "~Correctable ECC", "!Uncorrectable ECC", "!Parity", "~Memory scrub failed", "~Memory device disabled",
            "~Correctable ECC logging limit reached", "Presence detected", "!Configuration error", "Spare", "~Throttled",
            "!Critical overtemperature",
        ]),
        (0x0D, [
            "Drive present", "!Drive fault", "~Predictive failure", "Hot spare", "Parity check in progress", "~In critical array",
            "!In failed array", "Rebuild in progress", "~Rebuild aborted",
        ]),
        (0x0F, ["!System firmware error", "!System firmware hang", "System firmware progress"]),
        (0x10, [
            "Correctable memory error logging disabled", "Event logging disabled", "Log area reset/cleared", "All event logging disabled",
            "~Log full", "~Log almost full", "Correctable machine check error logging disabled",
        ]),
        (0x11, [
            "~BIOS watchdog reset", "~OS watchdog reset", "~OS watchdog shut down", "~OS watchdog power down", "~OS watchdog power cycle",
            "~OS watchdog NMI/diagnostic interrupt", "~OS watchdog expired, status only", "OS watchdog pre-timeout interrupt",
        ]),
        (0x12, [
            "System reconfigured", "OEM system boot event", "!Undetermined system hardware failure", "Entry added to auxiliary log",
            "PEF action", "Timestamp clock synchronisation",
        ]),
        (0x13, [
            "Front panel NMI/diagnostic interrupt", "!Bus timeout", "!I/O channel check NMI", "Software NMI", "!PCI PERR", "!PCI SERR",
            "!EISA fail-safe timeout", "~Bus correctable error", "!Bus uncorrectable error", "!Fatal NMI", "!Bus fatal error",
            "~Bus degraded",
        ]),
        (0x14, ["Power button pressed", "Sleep button pressed", "Reset button pressed", "FRU latch open", "FRU service request button"]),
        (0x19, ["!Soft power control failure", "!Thermal trip"]),
        (0x1B, ["Cable/interconnect is connected", "!Configuration error: incorrect cable connected"]),
        (0x1D, [
            "Initiated by power up", "Initiated by hard reset", "Initiated by warm reset", "User requested PXE boot", "Automatic boot to diagnostic",
            "OS initiated hard reset", "OS initiated warm reset", "System restart",
        ]),
        (0x1E, [
            "~No bootable media", "~Non-bootable disk left in drive", "~PXE server not found", "!Invalid boot sector",
            "~Timeout waiting for selection of boot source",
        ]),
        (0x1F, [
            "A: boot completed", "C: boot completed", "PXE boot completed", "Diagnostic boot completed", "CD-ROM boot completed",
            "ROM boot completed", "Boot completed, device not specified", "Installation started", "Installation completed",
            "~Installation aborted", "!Installation failed",
        ]),
        (0x20, [
            "!Error during system startup", "!Run-time critical stop", "OS graceful stop", "OS graceful shutdown", "Soft shutdown by PEF",
            "~Agent not responding",
        ]),
        (0x21, [
            "!Fault status asserted", "Identify status asserted", "Device installed", "Ready for device installation", "Ready for device removal",
            "Slot power is off", "Device removal request", "Interlock asserted", "Slot is disabled", "Holds spare device",
        ]),
        (0x22, [
            "S0/G0: working", "S1: sleeping, hardware and processor context kept", "S2: sleeping, processor context lost",
            "S3: sleeping, memory retained", "S4: non-volatile sleep/suspend to disk", "S5/G2: soft-off", "S4/S5: soft-off", "G3/Mechanical off",
            "Sleeping in S1, S2 or S3", "G1: sleeping", "S5: entered by override", "Legacy ON state", "Legacy OFF state", "", "Unknown",
        ]),
        (0x23, [
            "~Timer expired", "~Hard reset", "~Power down", "~Power cycle", "", "", "", "", "Timer interrupt",
        ]),
        (0x24, ["Platform generated page", "Platform generated LAN alert", "Platform event trap generated", "Platform generated SNMP trap"]),
        (0x25, ["Present", "Absent", "Disabled"]),
        (0x27, ["~Heartbeat lost", "Heartbeat"]),
        (0x28, [
            "~Sensor access degraded or unavailable", "~Controller access degraded or unavailable", "~Management controller off-line",
            "~Management controller unavailable", "~Sensor failure", "~FRU failure",
        ]),
        (0x29, ["~Low", "!Failed", "Presence detected"]),
        (0x2A, ["Session activated", "Session deactivated", "Invalid user name or password", "Invalid password disable"]),
        (0x2B, [
            "Hardware change detected", "Firmware or software change detected", "~Hardware incompatibility detected",
            "~Firmware or software incompatibility detected", "~Invalid or unsupported hardware", "~Invalid or unsupported firmware or software",
            "Hardware change successful", "Firmware or software change successful",
        ]),
        (0x2C, [
            "Not installed", "Inactive", "Activation requested", "Activation in progress", "Active", "Deactivation requested",
            "Deactivation in progress", "~Communication lost",
        ]),
    ];
}
