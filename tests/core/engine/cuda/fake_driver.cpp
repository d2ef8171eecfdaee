// SPDX-License-Identifier: Apache-2.0
// The five functions of the CUDA driver that are asked, for two devices; FAKE_DRIVER_ERROR makes cuInit fail.
#include <cstddef>
#include <cstdlib>
#include <cstring>

#define FAKE_API extern "C" __attribute__((visibility("default"))) int

FAKE_API cuInit(unsigned);
FAKE_API cuDriverGetVersion(int*);
FAKE_API cuDeviceGetCount(int*);
FAKE_API cuDeviceGet(int*, int);
FAKE_API cuDeviceGetName(char*, int, int);
FAKE_API cuDeviceTotalMem_v2(std::size_t*, int);
FAKE_API cuDeviceGetAttribute(int*, int, int);
FAKE_API cuGetErrorName(int, const char**);

int cuInit(unsigned)
{
    const char* code = std::getenv("FAKE_DRIVER_ERROR");
    return code != nullptr ? std::atoi(code) : 0;
}
int cuDriverGetVersion(int* version)
{
    *version = 13000;
    return 0;
}
int cuDeviceGetCount(int* count)
{
    const char* text = std::getenv("FAKE_DRIVER_DEVICES");
    *count = text != nullptr ? std::atoi(text) : 2;
    return 0;
}
int cuDeviceGet(int* device, int number)
{
    *device = 10 + number;
    return 0;
}
int cuDeviceGetName(char* name, int length, int device)
{
    std::strncpy(name, device == 10 ? "First" : "Second", static_cast<std::size_t>(length));
    return 0;
}
int cuDeviceTotalMem_v2(std::size_t* bytes, int device)
{
    *bytes = static_cast<std::size_t>(device) << 30U;
    return 0;
}
int cuDeviceGetAttribute(int* value, int attribute, int device)
{
    *value = attribute == 75 ? device - 1 : attribute == 76 ? 3 : -1;
    return attribute == 75 || attribute == 76 ? 0 : 1;
}
int cuGetErrorName(int code, const char** name)
{
    *name = "CUDA_ERROR_NO_DEVICE";
    return code == 100 ? 0 : 1;
}
