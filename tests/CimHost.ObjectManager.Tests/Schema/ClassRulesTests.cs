namespace CimHost.ObjectManager.Tests.Schema;

public sealed class ClassRulesTests
{
    private const string Base = """
        class R_Base { [Key] string Id; uint16 Level; string Text; uint32 Reset(uint16 Mode); };
        class R_Keyless { string Text; };
        [Terminal] class R_Last { [Key] string Id; };
        class R_Other { [Key] string Id; };
        [Indication] class R_Event { string Text; };
        [Association] class R_Link { [Key] R_Base REF A; [Key] R_Other REF B; };
        class R_Low : R_Base { };
        """;

    [Theory]
    [InlineData("class X_A : R_Base { [Key] string Second; };", CimStatusCode.InvalidParameter, "the superclass has keys already")]
    [InlineData("class X_A : R_Base { [Key, Override(\"Text\")] string Text; };", CimStatusCode.InvalidParameter, "the superclass has keys already")]
    [InlineData("class X_A : R_Base { [Override(\"Level\")] string Level; };", CimStatusCode.InvalidParameter, "string instead of uint16")]
    [InlineData("class X_A : R_Base { [Override(\"Level\")] uint16 Level[]; };", CimStatusCode.InvalidParameter, "uint16[] instead of uint16")]
    [InlineData("class X_A : R_Base { [Override(\"Text\")] uint16 Level; };", CimStatusCode.InvalidParameter, "which has another name")]
    [InlineData("class X_A : R_Base { [Override(\"Nothing\")] uint16 Nothing; };", CimStatusCode.InvalidParameter, "which no superclass has")]
    [InlineData("class X_A : R_Base { [Override(\"Reset\")] uint16 Reset(uint16 Mode); };", CimStatusCode.InvalidParameter, "another return type")]
    [InlineData("class X_A : R_Base { [Override(\"Reset\")] uint32 Reset(string Mode); };", CimStatusCode.InvalidParameter, "Parameter Mode")]
    [InlineData("class X_A : R_Base { uint32 Text(); };", CimStatusCode.InvalidParameter, "a property")]
    [InlineData("class X_A : R_Last { };", CimStatusCode.InvalidSuperclass, "terminal")]
    [InlineData("[Abstract, Terminal] class X_A { };", CimStatusCode.InvalidParameter, "abstract and terminal")]
    [InlineData("[Association] class X_A : R_Keyless { [Key] R_Base REF A; [Key] R_Base REF B; };", CimStatusCode.InvalidSuperclass, "no association")]
    [InlineData("[Association] class X_A { [Key] R_Base REF A; };", CimStatusCode.InvalidParameter, "at least two")]
    [InlineData("[Association, Indication] class X_A { [Key] R_Base REF A; [Key] R_Base REF B; };", CimStatusCode.InvalidParameter, "an indication at once")]
    [InlineData("class X_A { [Key] string Id; R_Base REF A; };", CimStatusCode.InvalidParameter, "is no association")]
    [InlineData("[Indication] class X_A : R_Base { };", CimStatusCode.InvalidSuperclass, "no indication")]
    [InlineData("[Association] class X_A { [Key] R_Base REF A; [Key] X_Missing REF B; };", CimStatusCode.InvalidParameter, "X_Missing, which does not exist")]
    [InlineData("[Association] class X_A : R_Link { [Key, Override(\"B\")] R_Base REF B; };", CimStatusCode.InvalidParameter, "no subclass of the inherited R_Other")]
    [InlineData("class X_A : R_Base { [Key(false), Override(\"Id\")] string Id; };", CimStatusCode.InvalidParameter, "DisableOverride")]
    public async Task A_class_that_breaks_a_rule_is_refused_and_nothing_is_stored(string mof, CimStatusCode status, string words)
    {
        await using TestHost host = await TestHost.CreateAsync(Base);

        await Expect.StatusAsync(status, () => host.CompileAsync(mof), "X_A", words);

        Assert.Null(host.Repository.Schema.FindClass(TestHost.Namespace, "X_A"));
    }

    [Theory]
    [InlineData("class X_A : R_Keyless { [Key, Override(\"Text\")] string Text; };", "Text")]
    [InlineData("class X_A : R_Base { [Override(\"Id\")] string Id; };", "Id")]
    [InlineData("[Association] class X_A : R_Link { [Key, Override(\"A\")] R_Low REF A; };", "A,B")]
    [InlineData("[Abstract] class X_A : R_Base { };", "Id")]
    [InlineData("[Indication] class X_A : R_Event { };", "")]
    public async Task A_class_that_keeps_the_rules_has_its_keys(string mof, string keys)
    {
        await using TestHost host = await TestHost.CreateAsync(Base);

        await host.CompileAsync(mof);

        CimClass made = host.Repository.Schema.GetClass(TestHost.Namespace, "X_A");
        Assert.Equal(keys, string.Join(',', made.KeyIndexes.Select(i => made.CimClassProperties[i].Name)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1st")]
    [InlineData("Two Words")]
    [InlineData("A\"B")]
    public async Task A_name_that_MOF_could_not_say_is_refused(string name)
    {
        await using TestHost host = await TestHost.CreateAsync(Base);

        await Expect.StatusAsync(CimStatusCode.InvalidParameter, async () => await host.Cim.CreateClassAsync(TestHost.Namespace, new CimClass(name), default), "is named");
    }

    [Fact]
    public async Task A_default_of_another_type_is_refused()
    {
        await using TestHost host = await TestHost.CreateAsync(Base);
        var wrong = new CimClass("X_A", null, [new CimPropertyDeclaration { Name = "Level", CimType = CimType.UInt16, DefaultValue = "high" }]);

        await Expect.StatusAsync(CimStatusCode.InvalidParameter, async () => await host.Cim.CreateClassAsync(TestHost.Namespace, wrong, default), "X_A.Level", "string");
    }

    [Fact]
    public async Task An_undeclared_qualifier_is_refused()
    {
        await using TestHost host = await TestHost.CreateAsync(Base);
        var wrong = new CimClass("X_A", null, qualifiers: [new CimQualifier("Invented", CimType.Boolean, true)]);

        await Expect.StatusAsync(CimStatusCode.InvalidParameter, async () => await host.Cim.CreateClassAsync(TestHost.Namespace, wrong, default), "Invented", "not declared");
    }

    [Fact]
    public async Task A_qualifier_value_of_another_type_is_refused()
    {
        await using TestHost host = await TestHost.CreateAsync(Base);
        var wrong = new CimClass("X_A", null, qualifiers: [new CimQualifier("Description", CimType.Boolean, true)]);

        await Expect.StatusAsync(CimStatusCode.InvalidParameter, async () => await host.Cim.CreateClassAsync(TestHost.Namespace, wrong, default), "Description", "boolean");
    }
}
