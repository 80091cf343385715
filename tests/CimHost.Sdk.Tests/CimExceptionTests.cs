using CimHost.Sdk.Cim;
using Xunit;

namespace CimHost.Sdk.Tests;

public class CimExceptionTests
{
    // DSP0200 1.4 table 3.
    [Theory]
    [InlineData(1, "CIM_ERR_FAILED")]
    [InlineData(2, "CIM_ERR_ACCESS_DENIED")]
    [InlineData(3, "CIM_ERR_INVALID_NAMESPACE")]
    [InlineData(4, "CIM_ERR_INVALID_PARAMETER")]
    [InlineData(5, "CIM_ERR_INVALID_CLASS")]
    [InlineData(6, "CIM_ERR_NOT_FOUND")]
    [InlineData(7, "CIM_ERR_NOT_SUPPORTED")]
    [InlineData(8, "CIM_ERR_CLASS_HAS_CHILDREN")]
    [InlineData(9, "CIM_ERR_CLASS_HAS_INSTANCES")]
    [InlineData(10, "CIM_ERR_INVALID_SUPERCLASS")]
    [InlineData(11, "CIM_ERR_ALREADY_EXISTS")]
    [InlineData(12, "CIM_ERR_NO_SUCH_PROPERTY")]
    [InlineData(13, "CIM_ERR_TYPE_MISMATCH")]
    [InlineData(14, "CIM_ERR_QUERY_LANGUAGE_NOT_SUPPORTED")]
    [InlineData(15, "CIM_ERR_INVALID_QUERY")]
    [InlineData(16, "CIM_ERR_METHOD_NOT_AVAILABLE")]
    [InlineData(17, "CIM_ERR_METHOD_NOT_FOUND")]
    [InlineData(20, "CIM_ERR_NAMESPACE_NOT_EMPTY")]
    [InlineData(21, "CIM_ERR_INVALID_ENUMERATION_CONTEXT")]
    [InlineData(22, "CIM_ERR_INVALID_OPERATION_TIMEOUT")]
    [InlineData(23, "CIM_ERR_PULL_HAS_BEEN_ABANDONED")]
    [InlineData(24, "CIM_ERR_PULL_CANNOT_BE_ABANDONED")]
    [InlineData(25, "CIM_ERR_FILTERED_ENUMERATION_NOT_SUPPORTED")]
    [InlineData(26, "CIM_ERR_CONTINUATION_ON_ERROR_NOT_SUPPORTED")]
    [InlineData(27, "CIM_ERR_SERVER_LIMITS_EXCEEDED")]
    [InlineData(28, "CIM_ERR_SERVER_IS_SHUTTING_DOWN")]
    public void Every_status_has_the_number_and_the_name_of_the_specification(int number, string name) =>
        Assert.Equal(name, new CimException((CimStatusCode)number, "why").StatusName);
}
