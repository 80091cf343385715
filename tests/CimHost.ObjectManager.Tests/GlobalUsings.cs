global using CimHost.Sdk.Cim;
global using Xunit;
