Console.WriteLine("cimhost");
