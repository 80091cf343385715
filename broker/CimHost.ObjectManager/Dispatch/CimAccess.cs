namespace CimHost.ObjectManager.Dispatch;

/// <summary>What an operation does with a namespace.</summary>
public enum CimAccess
{
    /// <summary>Reads classes, qualifier declarations or instances.</summary>
    Read,

    /// <summary>Changes them.</summary>
    Write,

    /// <summary>Invokes a method.</summary>
    InvokeMethod,
}
