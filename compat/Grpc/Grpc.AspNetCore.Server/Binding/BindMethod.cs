using System.Reflection;
using Grpc.Core;

namespace Grpc.AspNetCore.Server.Binding;

/// <summary>Finds and calls the generated method that tells the methods of a service.</summary>
internal static class BindMethod
{
    internal static void Bind(Type serviceType, ServiceBinderBase binder)
    {
        for (Type? type = serviceType; type is not null; type = type.BaseType)
        {
            BindServiceMethodAttribute? attribute = type.GetCustomAttribute<BindServiceMethodAttribute>(inherit: false);
            if (attribute is not null)
            {
                MethodInfo method = attribute.BindType.GetMethod(
                    attribute.BindMethodName,
                    BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static,
                    [typeof(ServiceBinderBase), type])
                    ?? throw new InvalidOperationException($"{attribute.BindType}.{attribute.BindMethodName} does not exist.");

                // Without an instance: the services are created for each call.
                method.Invoke(null, BindingFlags.DoNotWrapExceptions, binder: null, [binder, null], culture: null);
                return;
            }
        }

        throw new InvalidOperationException($"Cannot locate BindService(ServiceBinderBase, ServiceBase) method for type '{serviceType.Name}'.");
    }
}
