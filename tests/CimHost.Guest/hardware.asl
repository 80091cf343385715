// Firmware's devices that QEMU has not: a thermal zone, a fan, a power meter, a battery and a mains adapter (ACPI 6.5 §11, §10.4, §10.2, §10.3).
// What they measure is in bytes of the CMOS memory that nobody else uses, from 70h on, so that a test changes it while the guest runs: the
// kernel shows that memory as a file, in which byte 70h has the offset 70h - 14.
DefinitionBlock ("hardware.aml", "SSDT", 2, "CIMHST", "HARDWARE", 1)
{
    Scope (\_SB)
    {
        OperationRegion (CMOS, SystemIO, 0x70, 2)
        Field (CMOS, ByteAcc, NoLock, Preserve)
        {
            INDX, 8,
            DATA, 8
        }

        IndexField (INDX, DATA, ByteAcc, NoLock, Preserve)
        {
            Offset (0x70),
            DEGC, 8,    // temperature in °C
            LEVL, 8,    // level of the fan, 0 to 2
            WATT, 8,    // tens of watts
            CHRG, 8,    // charge of the battery in percent of its last full one
            MAIN, 8     // 1: mains are there
        }

        ThermalZone (TZ00)
        {
            Method (_TMP, 0, Serialized) { Return (2732 + DEGC * 10) }
            Name (_CRT, 3782)   // 105 °C
            Name (_HOT, 3682)   // 95 °C
        }

        Device (FAN0)
        {
            Name (_HID, EisaId ("PNP0C0B"))
            Name (_UID, "FAN0")
            Name (_FIF, Package () { 0, 0, 0, 0 })
            Name (_FPS, Package ()
            {
                0,
                Package () { 0, 0xFFFFFFFF, 0, 0xFFFFFFFF, 0xFFFFFFFF },
                Package () { 1, 0xFFFFFFFF, 2500, 0xFFFFFFFF, 0xFFFFFFFF },
                Package () { 2, 0xFFFFFFFF, 5000, 0xFFFFFFFF, 0xFFFFFFFF }
            })
            Method (_FSL, 1, Serialized) { LEVL = Arg0 }
            Method (_FST, 0, Serialized)
            {
                Local0 = Package () { 0, 0, 0 }
                Local0[1] = LEVL
                Local0[2] = LEVL * 2500
                Return (Local0)
            }
        }

        Device (PMTR)
        {
            Name (_HID, "ACPI000D")
            Name (_UID, "PMTR")
            // Measures input power in mW, ±5 %, in the mean over 1 s to 60 s; the limits can be told to it.
            Name (_PMC, Package () { 3, 0, 0, 95000, 1000, 1000, 60000, 0, 0, 0, 0, "Meter 1", "PM-0001", "Example Power" })
            Method (_PMM, 0, Serialized) { Return (WATT * 10000) }
            Method (_PTP, 2, Serialized) { Return (0) }
            Method (_PAI, 1, Serialized) { Return (0) }
            Method (_GAI, 0, Serialized) { Return (1000) }
            Name (_PMD, Package () {})
        }

        Device (BAT0)
        {
            Name (_HID, EisaId ("PNP0C0A"))
            Name (_UID, "BAT0")
            Name (_STA, 0x1F)
            Name (_PCL, Package () { \_SB })
            Name (_BIX, Package ()
            {
                0, 0, 50000, 48000, 1, 14800, 4800, 1440, 42, 95000, 0xFFFFFFFF, 0xFFFFFFFF, 1000, 1000, 480, 480,
                "BAT-4850", "B0042", "LION", "Example Cells"
            })
            Method (_BST, 0, Serialized)
            {
                Local0 = Package () { 1, 9000, 0, 14400 }
                If (MAIN) { Local0[0] = 2 }
                Local0[2] = CHRG * 480
                Return (Local0)
            }
        }

        Device (ADP0)
        {
            Name (_HID, "ACPI0003")
            Name (_UID, "ADP0")
            Name (_STA, 0x0F)
            Name (_PCL, Package () { \_SB })
            Method (_PSR, 0, Serialized) { Return (MAIN) }
        }
    }
}
