namespace CimHost.Providers.Ipmi.Wire.Fru;

/// <summary>
/// A FRU inventory decoded. An area that is damaged is left out and told among the problems; the others keep their values.
/// </summary>
internal sealed record FruInventory
{
    public FruChassisArea? Chassis { get; init; }

    public FruBoardArea? Board { get; init; }

    public FruProductArea? Product { get; init; }

    public IReadOnlyList<FruMultiRecord> MultiRecords { get; init; } = [];

    /// <summary>What is wrong with it, one sentence each.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>Power supply information; null when the inventory has none.</summary>
    public FruPowerSupplyInfo? PowerSupply
    {
        get
        {
            byte[]? data = MultiRecords.Where(r => r.Type == FruMultiRecord.PowerSupply).Select(r => r.Data).FirstOrDefault();
            return data is not null && FruPowerSupplyInfo.TryRead(data, out FruPowerSupplyInfo? info) ? info : null;
        }
    }

    /// <summary>Decodes the bytes of an inventory, whatever they are.</summary>
    public static FruInventory Read(ReadOnlySpan<byte> data)
    {
        var problems = new List<string>();
        if (!FruCommonHeader.TryRead(data, out FruCommonHeader header, out string? problem))
        {
            return new FruInventory { Problems = [problem!] };
        }

        FruChassisArea? chassis = null;
        FruBoardArea? board = null;
        FruProductArea? product = null;
        if (Find(data, header.Chassis, "chassis", problems, out ReadOnlySpan<byte> content))
        {
            chassis = Keep(FruChassisArea.Read(content), "chassis", problems);
        }

        if (Find(data, header.Board, "board", problems, out content))
        {
            board = Keep(FruBoardArea.Read(content), "board", problems);
        }

        if (Find(data, header.Product, "product", problems, out content))
        {
            product = Keep(FruProductArea.Read(content), "product", problems);
        }

        IReadOnlyList<FruMultiRecord> records = [];
        if (header.MultiRecord > 0)
        {
            records = FruMultiRecord.ReadAll(data, header.MultiRecord, out problem);
            problems.AddRange(problem is null ? [] : [problem]);
        }

        return new FruInventory { Chassis = chassis, Board = board, Product = product, MultiRecords = records, Problems = problems };
    }

    private static bool Find(ReadOnlySpan<byte> data, int offset, string name, List<string> problems, out ReadOnlySpan<byte> content)
    {
        content = default;
        if (offset == 0)
        {
            return false;
        }

        bool found = FruArea.TryFind(data, offset, name, out content, out string? problem);
        problems.AddRange(problem is null ? [] : [problem]);
        return found;
    }

    private static T? Keep<T>(T? area, string name, List<string> problems)
        where T : class
    {
        if (area is null)
        {
            problems.Add($"a field of the {name} area runs over its end");
        }

        return area;
    }
}
