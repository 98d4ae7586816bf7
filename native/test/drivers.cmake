# SPDX-License-Identifier: MIT
# The tests of what the drivers host and motor are made of.

# structwire_driver_part_test(<test> <sources below drivers/>)
function(structwire_driver_part_test name)
  list(TRANSFORM ARGN PREPEND ../drivers/ OUTPUT_VARIABLE sources)
  structwire_test(${name} ${sources})
  target_include_directories(${name} PRIVATE ../drivers)
  target_link_libraries(${name} PRIVATE m)
endfunction()

structwire_driver_part_test(host_scan_test host/scan.c)
structwire_driver_part_test(host_cpu_test host/cpu.c host/scan.c host/text.c)
structwire_driver_part_test(host_memory_test host/memory.c host/load.c host/scan.c host/text.c)
structwire_driver_part_test(host_disk_test host/disk.c host/scan.c host/text.c)
structwire_driver_part_test(host_processes_test host/processes.c host/process_parse.c host/scan.c host/text.c)
structwire_driver_part_test(host_netlink_test host/netlink.c host/netlink_read.c host/link_name.c)
structwire_driver_part_test(host_loopback_test host/loopback.c)
structwire_driver_part_test(motor_plant_test motor/plant.c)
structwire_driver_part_test(motor_pid_test motor/pid.c motor/waveform.c)
structwire_driver_part_test(motor_step_response_test motor/step_response.c motor/pid.c motor/plant.c)
