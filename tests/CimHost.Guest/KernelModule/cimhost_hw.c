// SPDX-License-Identifier: MIT OR GPL-2.0
/*
 * Hardware that QEMU does not have, for tests in the guest: a memory controller that counts errors (EDAC) and a power zone that counts
 * energy (powercap). Both are registered with the kernel's own cores, so that sysfs shows what it shows of real ones.
 *
 * The parameters below /sys/module/cimhost_hw/parameters change what the hardware does:
 *   corrected, uncorrected   writing "CHANNEL SLOT COUNT" reports that many errors of a module; reading tells how many of all modules
 *   energy_uj                what the power zone has counted
 */
#include <linux/edac.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/powercap.h>

#define CHANNELS 2
#define SLOTS 2
#define MODULE_BYTES (4ULL << 30)
#define MAX_ERRORS 100000
#define ENERGY_RANGE_UJ 262143328850ULL

/* What drivers of memory controllers use is declared in drivers/edac/edac_mc.h, which is not among a kernel's headers. */
struct mem_ctl_info *edac_mc_alloc(unsigned int mc_num, unsigned int n_layers, struct edac_mc_layer *layers, unsigned int sz_pvt);
int edac_mc_add_mc_with_groups(struct mem_ctl_info *mci, const struct attribute_group **groups);
struct mem_ctl_info *edac_mc_del_mc(struct device *dev);
void edac_mc_free(struct mem_ctl_info *mci);
void edac_mc_handle_error(const enum hw_event_mc_err_type type, struct mem_ctl_info *mci, const u16 error_count,
			  const unsigned long page_frame_number, const unsigned long offset_in_page, const unsigned long syndrome,
			  const int top_layer, const int mid_layer, const int low_layer, const char *msg, const char *other_detail);

static struct platform_device *device;
static struct mem_ctl_info *controller;
static struct powercap_control_type *control_type;
static struct powercap_zone zone;

/* Memory */

static int report(const char *text, enum hw_event_mc_err_type type)
{
	unsigned int channel, slot, count;

	if (sscanf(text, "%u %u %u", &channel, &slot, &count) != 3)
		return -EINVAL;
	if (channel >= CHANNELS || slot >= SLOTS || count == 0 || count > MAX_ERRORS)
		return -ERANGE;
	/* Parameters of the kernel's command line come before the controller is there. */
	if (!controller)
		return -ENODEV;
	while (count > 0) {
		u16 part = min_t(unsigned int, count, U16_MAX);

		edac_mc_handle_error(type, controller, part, 0x1234, 0x40, 0, channel, slot, -1, "reported by a test", "");
		count -= part;
	}
	return 0;
}

static int report_corrected(const char *text, const struct kernel_param *parameter)
{
	return report(text, HW_EVENT_ERR_CORRECTED);
}

static int report_uncorrected(const char *text, const struct kernel_param *parameter)
{
	return report(text, HW_EVENT_ERR_UNCORRECTED);
}

static int count_corrected(char *text, const struct kernel_param *parameter)
{
	return sysfs_emit(text, "%u\n", controller ? controller->ce_mc : 0);
}

static int count_uncorrected(char *text, const struct kernel_param *parameter)
{
	return sysfs_emit(text, "%u\n", controller ? controller->ue_mc : 0);
}

static const struct kernel_param_ops corrected_ops = { .set = report_corrected, .get = count_corrected };
static const struct kernel_param_ops uncorrected_ops = { .set = report_uncorrected, .get = count_uncorrected };
module_param_cb(corrected, &corrected_ops, NULL, 0600);
module_param_cb(uncorrected, &uncorrected_ops, NULL, 0600);

static int add_memory_controller(void)
{
	struct edac_mc_layer layers[] = {
		{ .type = EDAC_MC_LAYER_CHANNEL, .size = CHANNELS },
		{ .type = EDAC_MC_LAYER_SLOT, .size = SLOTS, .is_virt_csrow = true },
	};
	struct dimm_info *dimm;
	int error;

	controller = edac_mc_alloc(0, ARRAY_SIZE(layers), layers, 0);
	if (!controller)
		return -ENOMEM;
	controller->pdev = &device->dev;
	controller->mod_name = KBUILD_MODNAME;
	controller->ctl_name = "Test memory controller";
	controller->dev_name = dev_name(&device->dev);
	controller->mtype_cap = MEM_FLAG_DDR4;
	controller->edac_ctl_cap = EDAC_FLAG_SECDED;
	controller->edac_cap = EDAC_FLAG_SECDED;
	mci_for_each_dimm(controller, dimm) {
		dimm->nr_pages = MODULE_BYTES >> PAGE_SHIFT;
		dimm->grain = 64;
		dimm->mtype = MEM_DDR4;
		dimm->dtype = DEV_X8;
		dimm->edac_mode = EDAC_SECDED;
		/* As QEMU's firmware labels the sockets (-smbios type=17), so that the errors are those of its modules. */
		snprintf(dimm->label, sizeof(dimm->label), "DIMM %u", dimm->idx);
	}
	error = edac_mc_add_mc_with_groups(controller, NULL);
	if (error) {
		edac_mc_free(controller);
		controller = NULL;
	}
	return error;
}

static void remove_memory_controller(void)
{
	edac_mc_del_mc(&device->dev);
	edac_mc_free(controller);
}

/* Power */

static unsigned long long energy_uj = 1234567890;
module_param(energy_uj, ullong, 0600);

/* A zone has to have a limit. */
static u64 limit_uw = 95000000;
static u64 window_us = 1000000;

static int energy_range(struct powercap_zone *unused, u64 *value)
{
	*value = ENERGY_RANGE_UJ;
	return 0;
}

static int energy(struct powercap_zone *unused, u64 *value)
{
	*value = energy_uj;
	return 0;
}

static int get_limit(struct powercap_zone *unused, int constraint, u64 *value)
{
	*value = limit_uw;
	return 0;
}

static int set_limit(struct powercap_zone *unused, int constraint, u64 value)
{
	limit_uw = value;
	return 0;
}

static int get_window(struct powercap_zone *unused, int constraint, u64 *value)
{
	*value = window_us;
	return 0;
}

static int set_window(struct powercap_zone *unused, int constraint, u64 value)
{
	window_us = value;
	return 0;
}

static int release_zone(struct powercap_zone *unused)
{
	return 0;
}

static const struct powercap_zone_ops zone_ops = {
	.get_max_energy_range_uj = energy_range,
	.get_energy_uj = energy,
	.release = release_zone,
};

static const struct powercap_zone_constraint_ops limit_ops = {
	.get_power_limit_uw = get_limit,
	.set_power_limit_uw = set_limit,
	.get_time_window_us = get_window,
	.set_time_window_us = set_window,
};

static int add_power_zone(void)
{
	struct powercap_zone *added;

	control_type = powercap_register_control_type(NULL, "test-power", NULL);
	if (IS_ERR(control_type))
		return PTR_ERR(control_type);
	added = powercap_register_zone(&zone, control_type, "package-0", NULL, &zone_ops, 1, &limit_ops);
	if (!IS_ERR(added))
		return 0;
	powercap_unregister_control_type(control_type);
	return PTR_ERR(added);
}

static void remove_power_zone(void)
{
	powercap_unregister_zone(control_type, &zone);
	powercap_unregister_control_type(control_type);
}

static int __init add_hardware(void)
{
	int error;

	device = platform_device_register_simple(KBUILD_MODNAME, PLATFORM_DEVID_NONE, NULL, 0);
	if (IS_ERR(device))
		return PTR_ERR(device);
	error = add_memory_controller();
	if (error)
		goto no_memory;
	error = add_power_zone();
	if (error)
		goto no_power;
	return 0;

no_power:
	remove_memory_controller();
no_memory:
	platform_device_unregister(device);
	return error;
}

static void __exit remove_hardware(void)
{
	remove_power_zone();
	remove_memory_controller();
	platform_device_unregister(device);
}

module_init(add_hardware);
module_exit(remove_hardware);
MODULE_LICENSE("Dual MIT/GPL");
MODULE_DESCRIPTION("A memory controller and a power zone that tests command");
