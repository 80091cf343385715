namespace CimHost.Wbem.CimXml;

/// <summary>What a server answered is no CIM-XML response, or ended too early. The message says where and what was expected.</summary>
public sealed class CimXmlResponseException(string message, Exception? innerException = null) : Exception(message, innerException);
