#include "support/child.hpp"

int main(int argc, char** argv) { return backdoor::test::run_tests_or_host_program(argc, argv); }
