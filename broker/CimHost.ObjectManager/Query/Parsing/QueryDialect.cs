namespace CimHost.ObjectManager.Query.Parsing;

/// <summary>Which of the languages is read; they share one grammar of conditions.</summary>
internal enum QueryDialect
{
    /// <summary>WQL: text compares in any case, LIKE has % and _.</summary>
    Wql,

    /// <summary>FQL (DSP0212): text compares exactly, LIKE takes a regular expression, ANY and EVERY quantify arrays.</summary>
    Fql,

    /// <summary>CQL (DSP0202): as FQL, with ISA, functions, arithmetic, and names qualified by the class or its alias.</summary>
    Cql,
}
