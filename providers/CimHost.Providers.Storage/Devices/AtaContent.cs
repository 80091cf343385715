using CimHost.Providers.Storage.Wire.Ata;

namespace CimHost.Providers.Storage.Devices;

/// <summary>What was read from an ATA disk; null for what it does not have or what was wrong.</summary>
internal sealed class AtaContent
{
    /// <summary>The disk's own verdict (SMART RETURN STATUS).</summary>
    public bool? Passed { get; init; }

    public SmartData? Smart { get; init; }

    public SmartThresholds? Thresholds { get; init; }

    public AtaErrorLog? Errors { get; set; }

    public AtaSelfTestLog? SelfTests { get; set; }

    public SctStatus? Sct { get; set; }

    public IReadOnlyList<DeviceStatistic> Statistics { get; set; } = [];

    /// <summary>Whether there are self-tests: IDENTIFY DEVICE or SMART READ DATA may say so, and not every disk says it in both.</summary>
    public bool HasSelfTests(IdentifyDevice identify) => identify.SelfTestSupported || Smart?.HasSelfTests == true;

    /// <summary>The self-tests, with the times that SMART READ DATA recommends for polling.</summary>
    public IReadOnlyList<SelfTestOffer> SelfTestOffers(IdentifyDevice identify) => !HasSelfTests(identify) ? [] :
    [
        new SelfTestOffer(SelfTestKind.Short, Told(Smart?.ShortMinutes)),
        new SelfTestOffer(SelfTestKind.Extended, Told(Smart?.ExtendedMinutes)),
        .. Smart?.HasConveyanceTest == true ? [new SelfTestOffer(SelfTestKind.Conveyance, Told(Smart.ConveyanceMinutes))] : Array.Empty<SelfTestOffer>(),
    ];

    private static int? Told(int? minutes) => minutes == 0 ? null : minutes;
}
