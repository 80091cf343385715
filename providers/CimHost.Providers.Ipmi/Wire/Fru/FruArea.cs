namespace CimHost.Providers.Ipmi.Wire.Fru;

/// <summary>Finds an information area in an inventory and checks its frame: version, length in eights, checksum.</summary>
internal static class FruArea
{
    /// <summary>The bytes between the two frame bytes and the checksum; false with the reason when the frame is wrong.</summary>
    public static bool TryFind(ReadOnlySpan<byte> inventory, int offset, string name, out ReadOnlySpan<byte> content, out string? problem)
    {
        content = default;
        int length = offset + 2 <= inventory.Length ? inventory[offset + 1] * 8 : 0;
        problem = length == 0 ? $"the {name} area at {offset} lies outside of the {inventory.Length} bytes that could be read"
            : (inventory[offset] & 0x0F) != 1 ? $"the {name} area has format {inventory[offset] & 0x0F} and not 1"
            : offset + length > inventory.Length ? $"the {name} area at {offset} tells {length} bytes, more than the inventory of {inventory.Length} has"
            : !FruChecksum.IsZero(inventory.Slice(offset, length)) ? $"the checksum of the {name} area is wrong"
            : null;
        if (problem is not null)
        {
            return false;
        }

        content = inventory.Slice(offset + 2, length - 3);
        return true;
    }
}
