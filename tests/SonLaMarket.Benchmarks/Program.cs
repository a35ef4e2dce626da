Console.WriteLine("workloads: none yet");
